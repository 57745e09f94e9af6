"""`customers/data_request`: a customer asks the merchant what is known of them."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.note_data_request import note_data_request
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "customers/data_request"

NOTHING_HELD = "nothing_held"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of note_data_request: staff find the answer in the admin."""
    return Call(partial(_note, int(event.payload["customer"]["id"])))


def _note(customer_id: int, session: Session, scope: Scope) -> str | None:
    held = note_data_request(session, shop_id=scope.shop_id, customer_id=customer_id, now=scope.now)
    return None if held else NOTHING_HELD
