"""`app/scopes_update`: the merchant granted or withdrew access scopes."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.note_scopes import note_scopes
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "app/scopes_update"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of note_scopes."""
    return Call(partial(_note, [str(name) for name in event.payload["current"]]))


def _note(scopes: list[str], session: Session, scope: Scope) -> None:
    note_scopes(session, shop_id=scope.shop_id, scopes=scopes, now=scope.now)
