"""`customers/delete`: a customer record was deleted."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.delete_customer import delete_customer
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "customers/delete"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of delete_customer."""
    return Call(partial(_delete, int(event.payload["id"])))


def _delete(customer_id: int, session: Session, scope: Scope) -> None:
    delete_customer(
        session,
        shop_id=scope.shop_id,
        program_id=scope.program_id,
        customer_id=customer_id,
        now=scope.now,
        ledger_key=scope.ledger_key,
    )
