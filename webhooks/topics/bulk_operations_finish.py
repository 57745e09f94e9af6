"""`bulk_operations/finish`: the file that Shopify was asked for is there, or never will be."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.advance_history_import import note_operation_ended
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "bulk_operations/finish"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call that has the operation looked at soon; the Admin API says how it ended."""
    return Call(partial(_note, str(event.payload["admin_graphql_api_id"])))


def _note(gid: str, session: Session, scope: Scope) -> None:
    note_operation_ended(session, shop_id=scope.shop_id, gid=gid)
