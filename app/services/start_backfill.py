"""Asks what points for past orders would cost; nothing is granted by it."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.models import Backfill, BackfillMember, Program
from app.db.queries.backfills import count_past_orders, newest_backfill, orders_want_facts
from app.db.queries.history_imports import open_import
from app.db.shop_lock import lock_shop
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
    lock_shop(session, shop_id)
    newest = newest_backfill(session, shop_id)
    if newest is not None and newest.state == "granting":
        raise BackfillUnderWay
    if open_import(session, shop_id) or orders_want_facts(session, shop_id):
        raise PastNotKnown
    until = session.scalars(select(Program.earning_starts_at).where(Program.id == program_id)).one()
    if since >= until:
        raise NotInThePast
    if newest is not None and newest.is_open:
        _replace(session, newest.id, now)
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


def _replace(session: Session, backfill_id: int, now: datetime) -> None:
    session.execute(
        update(Backfill)
        .where(Backfill.id == backfill_id)
        .values(state="cancelled", finished_at=now)
    )
    session.execute(delete(BackfillMember).where(BackfillMember.backfill_id == backfill_id))
