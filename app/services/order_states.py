"""Loads what is known of the orders of a batch, and tells them their new states."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.db.bulk import bigints, insert_new_rows
from app.db.models import OrderDeletion, OrderRefund
from app.db.order_facts import load_order_facts
from app.db.order_refunds import ask_refunds, refunds_of
from app.db.stored_snapshots import read_snapshot
from app.db.wire import Answer, one_trip
from app.domain.order_facts import asks_for_facts
from app.domain.order_history import (
    OrderState,
    OrderStates,
    date_payment,
    grant,
    reckon_again,
)
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.domain.rulebook import Rulebook

RefundSeen = tuple[int, Refund]
"""An order's id and a refund announced for it."""


class _Stored(NamedTuple):
    """An order as it is stored."""

    order_id: int
    member_id: int | None
    processed_at: datetime
    updated_at: datetime
    paid_at: datetime | None
    paid_state_at: datetime | None
    paid_spend_minor: int | None
    spend_minor: int
    original_spend_minor: int
    deleted_at: datetime | None
    granted_at: datetime | None
    facts_wanted: bool
    paid_snapshot: str | None
    snapshot: str


_STORED = f"""
    select {", ".join(_Stored._fields[:-2])}, paid_snapshot::text, snapshot::text
    from customer_order where shop_id = $1::bigint and order_id = any($2::bigint[])
"""  # noqa: S608 - names of our own columns
# An order can be told of that is new here and deleted already.
_GONE = """
    select order_id from order_deletion
    where shop_id = $1::bigint and order_id = any($2::bigint[])
"""


def collect_order_states(
    session: Session,
    *,
    shop_id: int,
    rulebook: Rulebook,
    snapshots: Sequence[OrderSnapshot],
    refunds: Sequence[RefundSeen],
    deleted_order_ids: Iterable[int],
    granted_order_ids: Iterable[int],
    completed_order_ids: Iterable[int],
    fetched: bool,
    now: datetime,
) -> list[OrderState]:
    """Return the orders that this batch changed or cannot decide, in the order of their ids.

    A state that came straight from the Admin API (`fetched`) overrules another with the same
    `updated_at`.
    """
    new_refunds = _keep_refunds(session, shop_id, refunds)
    deleted, granted = set(deleted_order_ids), set(granted_order_ids)
    _keep_deletions(session, shop_id, deleted, now)
    again = set(completed_order_ids)
    told = {snapshot.order_id for snapshot in snapshots} | new_refunds
    order_ids = told | deleted | granted | again
    with one_trip(session) as trip:
        stored = trip.ask(_STORED, (shop_id, bigints(order_ids)))
        gone = trip.ask(_GONE, (shop_id, bigints(told)))
        announced = ask_refunds(trip, shop_id, order_ids)
    states = _states_of(stored)
    deleted |= {order_id for (order_id,) in gone.rows if order_id not in states}
    if any(asks_for_facts(rules) for _, _, rules in rulebook.versions):
        for order_id, facts in load_order_facts(session, shop_id, order_ids).items():
            states[order_id].facts = facts
    for order_id, kept in refunds_of(announced).items():
        states[order_id].refunds.extend(kept)
    for order_id in granted:
        grant(states[order_id], now)
    for order_id in again:
        reckon_again(states[order_id])
    changed = states.tell(
        snapshots, new_refunds, deleted, rulebook=rulebook, fetched=fetched, now=now
    )
    for order_id in again:
        date_payment(states[order_id])
    return changed


def _keep_refunds(session: Session, shop_id: int, refunds: Sequence[RefundSeen]) -> set[int]:
    """Keep refunds announced by themselves; return the orders they belong to."""
    rows = {
        (order_id, refund.refund_id): {
            "shop_id": shop_id,
            "order_id": order_id,
            "refund_id": refund.refund_id,
            "created_at": refund.created_at,
            "refund": refund,
        }
        for order_id, refund in refunds
    }
    insert_new_rows(session, OrderRefund, [rows[key] for key in sorted(rows)])
    return {order_id for order_id, _ in rows}


def _keep_deletions(session: Session, shop_id: int, order_ids: set[int], now: datetime) -> None:
    """Keep that orders were deleted, of unknown ones too: their states may still be on the way."""
    rows = [
        {"shop_id": shop_id, "order_id": order_id, "deleted_at": now}
        for order_id in sorted(order_ids)
    ]
    insert_new_rows(session, OrderDeletion, rows)


def _states_of(stored: Answer) -> OrderStates:
    states = OrderStates()
    for row in map(_Stored._make, stored.rows):
        states[row.order_id] = OrderState(
            order_id=row.order_id,
            read_stored=partial(read_snapshot, row.snapshot),
            stored_updated_at=row.updated_at,
            member_id=row.member_id,
            counted_for=row.member_id,
            counted_at=row.processed_at,
            paid_at=row.paid_at,
            paid_state_at=row.paid_state_at,
            paid_spend_minor=row.paid_spend_minor,
            spend_minor=row.spend_minor,
            original_spend_minor=row.original_spend_minor,
            deleted_at=row.deleted_at,
            granted_at=row.granted_at,
            facts_wanted=row.facts_wanted,
            paid_snapshot=read_snapshot(row.paid_snapshot) if row.paid_snapshot else None,
            seen_unpaid=row.paid_at is None and row.paid_state_at is None,
        )
    return states
