"""Lets a previewed back-fill be granted, or calls one off."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.models import Backfill, BackfillMember
from app.db.queries.backfills import OPEN_STATES, count_past_orders
from app.db.queries.history_imports import ImportRow, newest_import

FRESH_FOR = timedelta(days=1)
"""How long a preview holds; orders change."""


def confirm_backfill(
    session: Session, *, shop_id: int, backfill_id: int, confirmed_by: str, now: datetime
) -> str | None:
    """Have the previewed points granted; return the state it is in then.

    A preview that is a day old, or older than what is known of the past, is reckoned anew instead;
    while the past is being read it waits. A repeat changes nothing; None: there is no such
    back-fill. The caller enqueues `back_fill` with the same session.
    """
    backfill = _locked(session, shop_id, backfill_id)
    if backfill is None:
        return None
    history = newest_import(session, shop_id)
    if history is not None and history.is_open:
        return backfill.state
    if backfill.state == "ready" and backfill.reckoned_at is not None:
        if _is_stale(backfill.reckoned_at, history, now):
            _begin_anew(session, backfill)
        else:
            backfill.state, backfill.confirmed_by, backfill.confirmed_at = (
                "granting",
                confirmed_by,
                now,
            )
            backfill.orders_done, backfill.position = 0, None
        session.flush()
    return backfill.state


def cancel_backfill(session: Session, *, shop_id: int, backfill_id: int, now: datetime) -> None:
    """Call a back-fill off; what was granted until then stays. A repeat changes nothing."""
    _end(session, shop_id, backfill_id, "cancelled", now)


def fail_backfill(session: Session, *, shop_id: int, backfill_id: int, now: datetime) -> None:
    """Note that a back-fill could not go on; what was granted until then stays."""
    _end(session, shop_id, backfill_id, "failed", now)


def _end(session: Session, shop_id: int, backfill_id: int, state: str, now: datetime) -> None:
    backfill = _locked(session, shop_id, backfill_id)
    if backfill is not None and backfill.state in OPEN_STATES:
        backfill.state, backfill.finished_at = state, now
        session.flush()


def _is_stale(reckoned_at: datetime, history: ImportRow | None, now: datetime) -> bool:
    read_at = history.finished_at if history else None
    return now - reckoned_at > FRESH_FOR or (read_at is not None and read_at > reckoned_at)


def _begin_anew(session: Session, backfill: Backfill) -> None:
    session.execute(delete(BackfillMember).where(BackfillMember.backfill_id == backfill.id))
    backfill.state, backfill.position, backfill.reckoned_at = "reckoning", None, None
    backfill.orders_total = count_past_orders(
        session, backfill.shop_id, backfill.since, backfill.until
    )
    backfill.orders_done = backfill.orders = backfill.members = backfill.points = 0
    backfill.value_minor, backfill.tiers = None, []


def _locked(session: Session, shop_id: int, backfill_id: int) -> Backfill | None:
    return session.scalars(
        select(Backfill)
        .where(Backfill.shop_id == shop_id, Backfill.id == backfill_id)
        .with_for_update()
    ).one_or_none()
