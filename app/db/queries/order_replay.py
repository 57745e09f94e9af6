"""A shop's stored orders, streamed with all that reckoning them again needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, cast, func, select, tuple_
from sqlalchemy.orm import Session

from app.db.awards import load_order_awards
from app.db.models import CustomerOrder, Member, Tier
from app.db.order_facts import load_order_facts
from app.db.order_refunds import announced_refunds
from app.domain.award import Pin
from app.domain.order_facts import NO_FACTS, OrderFacts
from app.domain.order_snapshot import (
    OrderSnapshot,
    Refund,
    snapshot_from_json,
    with_refunds,
)
from app.domain.points import FULL_BP


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPosition:
    """Where in the stream an order stands."""

    member_id: int
    processed_at: datetime
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """One order as it stands, with every refund seen, and what it is pinned to."""

    position: OrderPosition
    snapshot: OrderSnapshot
    pin: Pin
    """That of its award; an order that never earned has its member's present tier."""
    facts: OrderFacts
    paid_spend_minor: int | None
    """What of it was paid, by the rules that it is pinned to; None: never all of it."""
    paid: OrderSnapshot | None
    """Its newest fully paid state, if that is not how it stands."""
    deleted: bool


def count_orders(session: Session, shop_id: int, since: datetime, until: datetime) -> int:
    """Return how many orders of members were processed in [since, until)."""
    counted = select(func.count(CustomerOrder.order_id)).where(*_of(shop_id, since, until))
    return session.scalar(counted) or 0


def stored_orders(
    session: Session,
    program_id: int,
    shop_id: int,
    *,
    since: datetime,
    until: datetime,
    after: OrderPosition | None,
    limit: int,
) -> list[StoredOrder]:
    """Return up to `limit` orders of members, processed in [since, until), after a position.

    They come member by member, so that whoever adds them up needs no memory of the others.
    """
    position = (CustomerOrder.member_id, CustomerOrder.processed_at, CustomerOrder.order_id)
    query = (
        select(
            *position,
            cast(CustomerOrder.snapshot, Text).label("snapshot"),
            CustomerOrder.paid_spend_minor,
            cast(CustomerOrder.paid_snapshot, Text).label("paid_snapshot"),
            CustomerOrder.deleted_at,
            Tier.id.label("tier_id"),
            Tier.multiplier_bp,
        )
        .join(Member, Member.id == CustomerOrder.member_id)
        .outerjoin(Tier, Tier.id == Member.tier_id)
        .where(*_of(shop_id, since, until))
        .order_by(*position)
        .limit(limit)
    )
    if after is not None:
        reached = (after.member_id, after.processed_at, after.order_id)
        query = query.where(tuple_(*position) > reached)
    rows = session.execute(query).all()
    refunds = announced_refunds(session, shop_id, [row.order_id for row in rows])
    pins = _pins(session, program_id, shop_id, rows)
    facts = load_order_facts(session, shop_id, [row.order_id for row in rows])
    return [
        _stored_order(
            row,
            refunds.get(row.order_id, ()),
            pins[row.order_id],
            facts.get(row.order_id, NO_FACTS),
        )
        for row in rows
    ]


def _of(shop_id: int, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        CustomerOrder.shop_id == shop_id,
        CustomerOrder.member_id.is_not(None),
        CustomerOrder.processed_at >= since,
        CustomerOrder.processed_at < until,
    )


def _pins(session: Session, program_id: int, shop_id: int, rows: Sequence[Any]) -> dict[int, Pin]:
    source_ids = {row.order_id: f"{shop_id}:{row.order_id}" for row in rows}
    awards = load_order_awards(session, program_id, source_ids.values())
    return {
        row.order_id: award.pin
        if (award := awards.get(source_ids[row.order_id]))
        else Pin(rule_version_id=0, tier_id=row.tier_id, multiplier_bp=row.multiplier_bp or FULL_BP)
        for row in rows
    }


def _stored_order(
    row: Any,  # noqa: ANN401 - a row of the query above
    refunds: Sequence[Refund],
    pin: Pin,
    facts: OrderFacts,
) -> StoredOrder:
    return StoredOrder(
        position=OrderPosition(
            member_id=row.member_id, processed_at=row.processed_at, order_id=row.order_id
        ),
        snapshot=with_refunds(snapshot_from_json(orjson.loads(row.snapshot)), refunds),
        pin=pin,
        facts=facts,
        paid_spend_minor=row.paid_spend_minor,
        paid=snapshot_from_json(orjson.loads(row.paid_snapshot)) if row.paid_snapshot else None,
        deleted=row.deleted_at is not None,
    )
