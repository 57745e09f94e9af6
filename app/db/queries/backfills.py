"""Back-fills of a shop, and the past orders that one may grant points for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.db.models import Backfill, BackfillMember, CustomerOrder, Member, Tier

OPEN_STATES = ("reckoning", "ready", "granting")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillRow:
    """One back-fill: what it would cost, and how far it has come."""

    id: int
    state: str
    since: datetime
    until: datetime
    position: int | None
    orders_total: int
    orders_done: int
    orders: int
    members: int
    points: int
    value_minor: int | None
    tiers: list[dict[str, Any]]
    orders_granted: int
    points_granted: int
    asked_by: str
    confirmed_by: str | None
    requested_at: datetime
    reckoned_at: datetime | None
    confirmed_at: datetime | None
    finished_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is under way, or waits to be confirmed."""
        return self.state in OPEN_STATES


COLUMNS = [getattr(Backfill, name) for name in BackfillRow.__dataclass_fields__]


def newest_backfill(session: Session, shop_id: int) -> BackfillRow | None:
    """Return the shop's back-fill that was asked for last, or None when there was none."""
    row = session.execute(
        select(*COLUMNS).where(Backfill.shop_id == shop_id).order_by(Backfill.id.desc()).limit(1)
    ).one_or_none()
    return BackfillRow(**row._mapping) if row else None


def finished_backfills(session: Session, shop_id: int, limit: int = 20) -> list[BackfillRow]:
    """Return the shop's back-fills that granted something, the newest first."""
    rows = session.execute(
        select(*COLUMNS)
        .where(Backfill.shop_id == shop_id, Backfill.orders_granted > 0)
        .order_by(Backfill.id.desc())
        .limit(limit)
    )
    return [BackfillRow(**row._mapping) for row in rows]


def past_orders(
    session: Session, backfill: Backfill, *, after: int | None, limit: int
) -> Sequence[int]:
    """Return orders of the back-fill's period that could earn, by id, past the order `after`."""
    query = (
        select(CustomerOrder.order_id)
        .join(Member, Member.id == CustomerOrder.member_id)
        .where(*_could_earn(backfill.shop_id, backfill.since, backfill.until))
        .order_by(CustomerOrder.order_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(CustomerOrder.order_id > after)
    return session.scalars(query).all()


def count_past_orders(session: Session, shop_id: int, since: datetime, until: datetime) -> int:
    """Return how many orders of the period could earn."""
    return session.scalars(
        select(func.count())
        .select_from(CustomerOrder)
        .join(Member, Member.id == CustomerOrder.member_id)
        .where(*_could_earn(shop_id, since, until))
    ).one()


def orders_want_facts(session: Session, shop_id: int) -> bool:
    """Return whether some of the shop's orders cannot be reckoned yet."""
    waiting = select(CustomerOrder.order_id).where(
        CustomerOrder.shop_id == shop_id, CustomerOrder.facts_wanted
    )
    return session.scalars(select(waiting.exists())).one()


def shares_by_tier(session: Session, backfill_id: int) -> list[dict[str, Any]]:
    """Return what a preview comes to for the members of each tier, the highest tier first."""
    rows = session.execute(
        select(
            func.coalesce(Tier.name, "").label("name"),
            func.count().label("members"),
            func.sum(BackfillMember.points).label("points"),
        )
        .select_from(BackfillMember)
        .join(Member, Member.id == BackfillMember.member_id)
        .outerjoin(Tier, Tier.id == Member.tier_id)
        .where(BackfillMember.backfill_id == backfill_id)
        .group_by(Tier.id, Tier.name, Tier.rank)
        .order_by(Tier.rank.desc().nulls_last())
    )
    return [{"name": row.name, "members": row.members, "points": int(row.points)} for row in rows]


def _could_earn(shop_id: int, since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [
        CustomerOrder.shop_id == shop_id,
        CustomerOrder.processed_at >= since,
        CustomerOrder.processed_at < until,
        CustomerOrder.spend_minor > 0,
        CustomerOrder.paid_at.is_not(None),
        CustomerOrder.granted_at.is_(None),
        CustomerOrder.deleted_at.is_(None),
        Member.closed_at.is_(None),
    ]
