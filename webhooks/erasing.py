"""Erases what the inbox still tells of customers who were redacted."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.clock import utc_now
from app.container import Container
from app.db.bulk import among
from app.db.models import Customer, WebhookEvent
from app.db.session import Tenant
from webhooks.inbox_rows import State
from webhooks.packing import unpack

REDACTED = "customer_redacted"
LOOK_BACK = timedelta(days=14)
"""Bodies are kept for seven days; what came before a redaction is long gone after twice that."""
BATCH_EVENTS = 500
NUMBER = re.compile(rb"\d+")


class Erasure:
    """Empties bodies that name a redacted customer."""

    def __init__(self, parts: Container) -> None:
        self._database = parts.database

    def __call__(self, shop_id: int) -> int:
        """Empty such bodies of a shop, batch by batch, and return how many they were.

        What waits to be handled is left for the next time. What failed for good is set aside: it
        cannot be run again without its body. A body that names the customer's number in another
        sense goes as well: it is kept for looking things up only.
        """
        tenant = Tenant(shop_id=shop_id)
        with self._database.tenant(tenant) as session:
            numbers = _redacted(session, shop_id)
        erased, last_id = 0, 0
        while numbers:
            with self._database.tenant(tenant) as session:
                events = _events(session, shop_id, last_id)
                if not events:
                    break
                found = [event_id for event_id, body in events if _names(body, numbers)]
                _erase(session, shop_id, found)
            erased += len(found)
            last_id, _ = events[-1]
        return erased


def _redacted(session: Session, shop_id: int) -> set[bytes]:
    customers = session.scalars(
        select(Customer.customer_id).where(
            Customer.shop_id == shop_id, Customer.redacted_at > utc_now() - LOOK_BACK
        )
    )
    return {str(customer_id).encode() for customer_id in customers}


def _events(session: Session, shop_id: int, after: int) -> list[tuple[int, bytes]]:
    rows = session.execute(
        select(WebhookEvent.id, WebhookEvent.body)
        .where(
            WebhookEvent.shop_id == shop_id,
            WebhookEvent.id > after,
            WebhookEvent.state != State.WAITING,
            func.length(WebhookEvent.body) > 0,
        )
        .order_by(WebhookEvent.id)
        .limit(BATCH_EVENTS)
    )
    return [(row.id, row.body) for row in rows]


def _names(body: bytes, numbers: set[bytes]) -> bool:
    return not numbers.isdisjoint(NUMBER.findall(unpack(body)))


def _erase(session: Session, shop_id: int, event_ids: Sequence[int]) -> None:
    theirs = (WebhookEvent.shop_id == shop_id, among(WebhookEvent.id, event_ids))
    session.execute(
        update(WebhookEvent)
        .where(*theirs, WebhookEvent.state == State.FAILED)
        .values(state=State.ASIDE, reason=REDACTED)
    )
    session.execute(
        update(WebhookEvent).where(*theirs, WebhookEvent.state != State.WAITING).values(body=b"")
    )
