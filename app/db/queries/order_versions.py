"""Which states of orders are known."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import CustomerOrder


def recent_orders(
    session: Session, shop_id: int, since: datetime, *, after: int, limit: int
) -> dict[int, datetime]:
    """Return `updated_at` of orders processed from `since` on and not deleted, past `after`."""
    rows = session.execute(
        select(CustomerOrder.order_id, CustomerOrder.updated_at)
        .where(
            CustomerOrder.shop_id == shop_id,
            CustomerOrder.order_id > after,
            CustomerOrder.processed_at >= since,
            CustomerOrder.deleted_at.is_(None),
        )
        .order_by(CustomerOrder.order_id)
        .limit(limit)
    )
    return {row.order_id: row.updated_at for row in rows}


def order_versions(session: Session, shop_id: int, order_ids: Iterable[int]) -> dict[int, datetime]:
    """Return the `updated_at` of each of these orders that is known, deleted ones included."""
    rows = session.execute(
        select(CustomerOrder.order_id, CustomerOrder.updated_at).where(
            CustomerOrder.shop_id == shop_id, among(CustomerOrder.order_id, order_ids)
        )
    )
    return {row.order_id: row.updated_at for row in rows}
