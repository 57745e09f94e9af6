"""Asks what points for past orders would cost; nothing is granted by it."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.models import Backfill, BackfillMember, Program
from app.db.queries.backfills import OPEN_STATES, count_past_orders, orders_want_facts
from app.db.queries.history_imports import open_import
from app.domain.errors import LoyaltyError


class BackfillUnderWay(LoyaltyError):
    """Points for past orders are being granted already."""


class PastNotKnown(LoyaltyError):
    """The shop's past orders are still being read."""


class NotInThePast(LoyaltyError):
    """Orders since this day earn by themselves."""


def start_backfill(
    session: Session,
    *,
    program_id: int,
    shop_id: int,
    since: datetime,
    asked_by: str,
    now: datetime,
) -> int:
    """Begin a preview for orders processed from `since` until earning began; return its id.

    A preview that nobody confirmed is replaced. The caller enqueues `back_fill` with the same
    session. Raises BackfillUnderWay, PastNotKnown or NotInThePast.
    """
    newest = _newest(session, shop_id)
    if newest is not None and newest.state == "granting":
        raise BackfillUnderWay
    if open_import(session, shop_id) or orders_want_facts(session, shop_id):
        raise PastNotKnown
    until = session.scalars(select(Program.earning_starts_at).where(Program.id == program_id)).one()
    if since >= until:
        raise NotInThePast
    if newest is not None and newest.state in OPEN_STATES:
        _replace(session, newest, now)
    backfill = Backfill(
        program_id=program_id,
        shop_id=shop_id,
        state="reckoning",
        since=since,
        until=until,
        orders_total=count_past_orders(session, shop_id, since, until),
        asked_by=asked_by,
        requested_at=now,
    )
    session.add(backfill)
    session.flush()
    return backfill.id


def _newest(session: Session, shop_id: int) -> Backfill | None:
    """Return the shop's last back-fill, locked: what grants it holds its row before the shop."""
    return session.scalars(
        select(Backfill)
        .where(Backfill.shop_id == shop_id)
        .order_by(Backfill.id.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def _replace(session: Session, backfill: Backfill, now: datetime) -> None:
    backfill.state, backfill.finished_at = "cancelled", now
    session.flush()
    session.execute(delete(BackfillMember).where(BackfillMember.backfill_id == backfill.id))
