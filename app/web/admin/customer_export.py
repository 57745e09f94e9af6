"""All that is held about a customer, as a file: by an address that is good for some minutes."""

import json
from datetime import timedelta

from cryptography.fernet import InvalidToken
from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone

from app.clock import utc_now, wall_now
from app.container import current_container
from app.db.queries.data_requests import DataRequest, open_data_requests
from app.db.session import Tenant
from app.flows.shop_access import vault_of
from app.services.export_customer import export_customer
from app.services.note_data_request import note_data_given
from app.web.admin.page import reader_locale
from app.web.auth import admin_identity
from app.words.formats import minute

GOOD_FOR = timedelta(minutes=15)
PURPOSE = "export_customer"

blueprint = Blueprint("downloads", __name__)
"""Outside the admin: a download opens in a tab of its own, where Shopify sends no id token."""


def export_url(member_id: int) -> str:
    """Return where staff get the file on a member; whoever has the address can, for a while."""
    container, identity = current_container(), admin_identity()
    told = {
        "for": PURPOSE,
        "shop_id": identity.shop_id,
        "program_id": identity.program_id,
        "member_id": member_id,
        "until": (wall_now() + GOOD_FOR).timestamp(),
    }
    token = vault_of(container).encrypt(json.dumps(told)).decode()
    return container.settings.app_url + url_for("downloads.customer_data", token=token)


@blueprint.get("/downloads/customer/<token>")
def customer_data(token: str) -> Response:
    """Answer with the file, and note that staff took it; 410 when the address is too old."""
    asked = _read(token)
    tenant = Tenant(program_id=asked["program_id"], shop_id=asked["shop_id"])
    vault = vault_of(current_container())
    with current_container().database.tenant(tenant) as session:
        told = export_customer(
            session,
            shop_id=asked["shop_id"],
            member_id=asked["member_id"],
            decrypt=vault.decrypt,
            now=utc_now(),
        )
        note_data_given(
            session, shop_id=asked["shop_id"], member_id=asked["member_id"], now=utc_now()
        )
    name = f"member-{asked['member_id']}.json"
    return Response(
        json.dumps(told, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


def data_request_lines(
    session: Session, shop_id: int, iana_timezone: str
) -> list[dict[str, object]]:
    """Return the customers who wait for their data, as staff read them."""
    return [_line(request, iana_timezone) for request in open_data_requests(session, shop_id)]


def _line(request: DataRequest, iana_timezone: str) -> dict[str, object]:
    vault = vault_of(current_container())
    unnamed = _("Customer %(number)s", number=request.customer_id)
    return {
        "name": vault.decrypt(request.name) if request.name else unnamed,
        "when": minute(request.requested_at, iana_timezone, reader_locale()),
        "url": export_url(request.member_id),
    }


def _read(token: str) -> dict[str, int]:
    try:
        told = json.loads(vault_of(current_container()).decrypt(token.encode()))
    except (InvalidToken, ValueError) as error:
        raise Gone from error
    if not isinstance(told, dict) or told.get("for") != PURPOSE:
        raise Gone
    if told["until"] < wall_now().timestamp():
        raise Gone
    return {name: int(told[name]) for name in ("shop_id", "program_id", "member_id")}
