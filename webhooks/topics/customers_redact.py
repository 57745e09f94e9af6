"""`customers/redact`: a customer, or the law, asks that their data be erased."""

from functools import partial

from sqlalchemy.orm import Session

from app.services.redact_customer import redact_customer
from webhooks.topic import Call, Event, Outcome, Scope

TOPIC = "customers/redact"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return a call of redact_customer."""
    return Call(partial(_redact, int(event.payload["customer"]["id"])))


def _redact(customer_id: int, session: Session, scope: Scope) -> None:
    redact_customer(
        session,
        shop_id=scope.shop_id,
        program_id=scope.program_id,
        customer_id=customer_id,
        now=scope.now,
        ledger_key=scope.ledger_key,
    )
