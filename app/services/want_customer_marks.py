"""Notes which customers' tags or companies have to be read, because a tier asks for them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import MarksWanted


def want_customer_marks(
    session: Session, *, shop_id: int, customer_ids: Iterable[int], now: datetime
) -> None:
    """Have what these customers carry read again; a repeat asks for a newer reading."""
    rows = [
        {"shop_id": shop_id, "customer_id": customer_id, "wanted_at": now}
        for customer_id in sorted(set(customer_ids))
    ]
    upsert_rows(session, MarksWanted, rows)
