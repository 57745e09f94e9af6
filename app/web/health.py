"""Whether this process can do its work, for operators and load balancers."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.container import current_container
from app.db.session import Tenant

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer 200 when the database answers, else 503."""
    try:
        with current_container().database.tenant(Tenant()) as session:
            session.execute(text("select 1"))
    except SQLAlchemyError:
        return Response("database unavailable\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")
