"""The refunds that webhooks announced by themselves, beside those in the orders' snapshots."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import OrderRefund
from app.domain.order_snapshot import Refund, refund_from_json


def announced_refunds(
    session: Session, shop_id: int, order_ids: Iterable[int]
) -> dict[int, list[Refund]]:
    """Return the refunds that were announced by themselves, by order, in the order of their ids."""
    found: dict[int, list[Refund]] = defaultdict(list)
    rows = session.execute(
        select(OrderRefund.order_id, OrderRefund.refund)
        .where(OrderRefund.shop_id == shop_id, among(OrderRefund.order_id, order_ids))
        .order_by(OrderRefund.order_id, OrderRefund.refund_id)
    )
    for row in rows:
        found[row.order_id].append(refund_from_json(row.refund))
    return found
