"""Finds the newest state of each order of a batch, and what is known of its payment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.db.bulk import among, insert_new_rows
from app.db.models import CustomerOrder, OrderRefund
from app.db.rulebook import Rulebook
from app.domain.award import earns
from app.domain.order_snapshot import (
    OrderSnapshot,
    Refund,
    refund_from_json,
    snapshot_from_json,
    with_refunds,
)
from app.domain.spend import spend_of

RefundSeen = tuple[int, Refund]
"""An order's id and a refund announced for it."""


@dataclass(slots=True, kw_only=True)
class OrderState:
    """One order: its newest state and what earlier ones told."""

    order_id: int
    snapshot: OrderSnapshot | None = None
    stored_json: bytes = b""
    """The stored state, decoded only when it is needed."""
    stored_updated_at: datetime | None = None
    member_id: int | None = None
    counted_for: int | None = None
    """Whose tier spend the stored `spend_minor` is part of."""
    paid_at: datetime | None = None
    paid_state_at: datetime | None = None
    paid_spend_minor: int | None = None
    spend_minor: int = 0
    original_spend_minor: int = 0
    deleted_at: datetime | None = None
    seen_unpaid: bool = False
    refunds: list[Refund] = field(default_factory=list)
    """Announced by themselves."""
    changed: bool = False
    ambiguous: bool = False
    """Two different states share the newest `updated_at`."""

    def newest(self) -> OrderSnapshot | None:
        """Return the newest state as Shopify told it."""
        if self.snapshot is None and self.stored_json:
            self.snapshot = snapshot_from_json(orjson.loads(self.stored_json))
        return self.snapshot

    def as_it_stands(self) -> OrderSnapshot | None:
        """Return the newest state with every refund seen."""
        newest = self.newest()
        return newest and with_refunds(newest, self.refunds)


class _States(dict[int, OrderState]):
    """Order states by id; an unknown order gets an empty one."""

    def __missing__(self, order_id: int) -> OrderState:
        state = self[order_id] = OrderState(order_id=order_id)
        return state


def collect_order_states(
    session: Session,
    *,
    shop_id: int,
    rulebook: Rulebook,
    snapshots: Sequence[OrderSnapshot],
    refunds: Sequence[RefundSeen],
    deleted_order_ids: Iterable[int],
    fetched: bool,
    now: datetime,
) -> list[OrderState]:
    """Return the orders that this batch changed or cannot decide, in the order of their ids.

    States are taken by `updated_at`, whatever the order of their arrival. A state that came
    straight from the Admin API (`fetched`) overrules another with the same `updated_at`.
    """
    new_refunds = _keep_refunds(session, shop_id, refunds)
    deleted = set(deleted_order_ids)
    order_ids = {snapshot.order_id for snapshot in snapshots} | new_refunds | deleted
    states = _stored_states(session, shop_id, order_ids)
    for order_id, refund in _announced_refunds(session, shop_id, order_ids):
        states[order_id].refunds.append(refund)
    for snapshot in sorted(snapshots, key=lambda snapshot: snapshot.updated_at):
        _take(states[snapshot.order_id], snapshot, rulebook, fetched=fetched)
    for order_id in new_refunds:
        states[order_id].changed = True
    for order_id in deleted:
        _delete(states[order_id], now)
    return [
        state
        for _, state in sorted(states.items())
        if (state.changed or state.ambiguous) and state.newest() is not None
    ]


def _take(state: OrderState, snapshot: OrderSnapshot, rulebook: Rulebook, *, fetched: bool) -> None:
    """Make `snapshot` the newest state if it is, and learn of the payment in any case."""
    known_at = state.snapshot.updated_at if state.snapshot else state.stored_updated_at
    newer = known_at is None or snapshot.updated_at > known_at
    if not newer and snapshot.updated_at == known_at:
        if snapshot == state.newest():
            return
        if not fetched:
            state.ambiguous = True
            return
        newer = True
    _learn_payment(state, snapshot, rulebook, newer=newer)
    if newer:
        state.snapshot = snapshot
        state.changed = True
        state.ambiguous = False


def _learn_payment(
    state: OrderState, snapshot: OrderSnapshot, rulebook: Rulebook, *, newer: bool
) -> None:
    _, rules = rulebook.in_force(snapshot.processed_at)
    if not earns(snapshot, rules):
        state.seen_unpaid = state.seen_unpaid or newer
        return
    if state.paid_at is None:
        state.paid_at = snapshot.updated_at if state.seen_unpaid else snapshot.processed_at
        state.changed = True
    if state.paid_state_at is None or snapshot.updated_at >= state.paid_state_at:
        state.paid_state_at = snapshot.updated_at
        if not newer:
            # A late state: the newest is only partly paid, and this one says how much was.
            state.paid_spend_minor = spend_of(snapshot, rules).spend_minor
            state.changed = True


def _delete(state: OrderState, now: datetime) -> None:
    if state.deleted_at is None:
        state.deleted_at = now
        state.changed = True


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


def _announced_refunds(
    session: Session, shop_id: int, order_ids: Iterable[int]
) -> list[RefundSeen]:
    rows = session.execute(
        select(OrderRefund.order_id, OrderRefund.refund)
        .where(OrderRefund.shop_id == shop_id, among(OrderRefund.order_id, order_ids))
        .order_by(OrderRefund.order_id, OrderRefund.refund_id)
    )
    return [(row.order_id, refund_from_json(row.refund)) for row in rows]


def _stored_states(session: Session, shop_id: int, order_ids: Iterable[int]) -> _States:
    rows = session.execute(
        select(
            CustomerOrder.order_id,
            CustomerOrder.member_id,
            CustomerOrder.updated_at,
            CustomerOrder.paid_at,
            CustomerOrder.paid_state_at,
            CustomerOrder.paid_spend_minor,
            CustomerOrder.spend_minor,
            CustomerOrder.original_spend_minor,
            CustomerOrder.deleted_at,
            cast(CustomerOrder.snapshot, Text).label("snapshot"),
        ).where(CustomerOrder.shop_id == shop_id, among(CustomerOrder.order_id, order_ids))
    )
    states = _States()
    for row in rows:
        states[row.order_id] = OrderState(
            order_id=row.order_id,
            stored_json=row.snapshot.encode(),
            stored_updated_at=row.updated_at,
            member_id=row.member_id,
            counted_for=row.member_id,
            paid_at=row.paid_at,
            paid_state_at=row.paid_state_at,
            paid_spend_minor=row.paid_spend_minor,
            spend_minor=row.spend_minor,
            original_spend_minor=row.original_spend_minor,
            deleted_at=row.deleted_at,
            seen_unpaid=row.paid_at is None,
        )
    return states
