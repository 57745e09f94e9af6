"""Takes in a batch of past orders, by the path that webhooks take, and notes how far it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from app.db.models import HistoryImport
from app.db.queries.order_versions import order_versions
from app.domain.order_snapshot import OrderSnapshot
from app.services.award_orders import BatchResult, award_orders
from app.services.enrol_customers import CustomerState, enrol_customers


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryBatch:
    """Orders that stand next to each other in a file, with those who placed them."""

    orders: int
    """As many as the file holds, test orders included."""
    snapshots: Sequence[OrderSnapshot]
    customers: Sequence[CustomerState]
    begins: dict[str, Any]
    ends: dict[str, Any]
    """The positions before and after it."""


def take_history_in(
    session: Session,
    *,
    import_id: int,
    shop_id: int,
    program_id: int,
    batch: HistoryBatch,
    now: datetime,
    ledger_key: bytes,
) -> BatchResult | None:
    """Take the batch in, once: None when another did, or when the reading was cancelled."""
    known = order_versions(session, shop_id, (order.order_id for order in batch.snapshots))
    new = [order for order in batch.snapshots if _is_news(order, known)]
    oldest = min((order.processed_at for order in batch.snapshots), default=None)
    if not _advance(session, import_id, batch, len(new), oldest):
        return None
    if batch.customers:
        enrol_customers(
            session,
            shop_id=shop_id,
            program_id=program_id,
            customers=batch.customers,
            now=now,
            ledger_key=ledger_key,
        )
    return award_orders(
        session,
        shop_id=shop_id,
        program_id=program_id,
        snapshots=new,
        now=now,
        ledger_key=ledger_key,
        fetched=True,
    )


def _is_news(order: OrderSnapshot, known: dict[int, datetime]) -> bool:
    return order.order_id not in known or known[order.order_id] < order.updated_at


def _advance(
    session: Session, import_id: int, batch: HistoryBatch, new: int, oldest: datetime | None
) -> bool:
    changed = session.execute(
        update(HistoryImport)
        .where(
            HistoryImport.id == import_id,
            HistoryImport.state == "reading",
            HistoryImport.position == batch.begins,
        )
        .values(
            position=batch.ends,
            orders_read=HistoryImport.orders_read + batch.orders,
            orders_new=HistoryImport.orders_new + new,
            oldest_order_at=func.least(HistoryImport.oldest_order_at, oldest),
        )
        .returning(HistoryImport.id)
    ).all()
    return bool(changed)
