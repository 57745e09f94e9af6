"""Grants points for past orders, batch by batch, by the path that all orders take."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.bulk import among_texts
from app.db.models import Award, Backfill
from app.db.queries.backfills import past_orders
from app.services.award_orders import award_orders
from app.services.order_batch import source_id


def grant_backfill(
    session: Session, *, backfill_id: int, limit: int, now: datetime, ledger_key: bytes
) -> bool:
    """Grant the next `limit` orders; return whether any are left.

    An order keeps when it was granted, so that neither a repeat nor another back-fill grants it
    again. Cancelled meanwhile: nothing happens.
    """
    backfill = session.scalars(
        select(Backfill)
        .where(Backfill.id == backfill_id, Backfill.state == "granting")
        .with_for_update()
    ).one_or_none()
    if backfill is None:
        return False
    order_ids = past_orders(session, backfill, after=backfill.position, limit=limit)
    if not order_ids:
        return _another_round(session, backfill, now)
    result = award_orders(
        session,
        shop_id=backfill.shop_id,
        program_id=backfill.program_id,
        snapshots=(),
        granted_order_ids=order_ids,
        now=now,
        ledger_key=ledger_key,
    )
    backfill.position = order_ids[-1]
    backfill.orders_done += len(order_ids)
    backfill.orders_granted += _worth_something(session, backfill, order_ids)
    backfill.points_granted += result.points_posted
    session.flush()
    return True


def _worth_something(session: Session, backfill: Backfill, order_ids: Sequence[int]) -> int:
    """Return how many of these orders earned points."""
    sources = [source_id(backfill.shop_id, order_id) for order_id in order_ids]
    return session.scalars(
        select(func.count())
        .select_from(Award)
        .where(
            Award.program_id == backfill.program_id,
            Award.source_kind == "order",
            among_texts(Award.source_id, sources),
            Award.points > 0,
        )
    ).one()


def _another_round(session: Session, backfill: Backfill, now: datetime) -> bool:
    """Look once more from the beginning, for orders that could not earn before; end otherwise."""
    left = past_orders(session, backfill, after=None, limit=1)
    if left:
        backfill.position = None
    else:
        backfill.state, backfill.finished_at = "done", now
    session.flush()
    return bool(left)
