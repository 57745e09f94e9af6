"""Loads what is known of the orders of a batch, and tells them their new states."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

import orjson
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.db.bulk import among, insert_new_rows
from app.db.models import CustomerOrder, OrderDeletion, OrderRefund
from app.db.order_facts import load_order_facts
from app.db.order_refunds import announced_refunds
from app.domain.order_facts import asks_for_facts
from app.domain.order_history import OrderState, OrderStates, grant, reckon_again
from app.domain.order_snapshot import OrderSnapshot, Refund, snapshot_from_json
from app.domain.rulebook import Rulebook

RefundSeen = tuple[int, Refund]
"""An order's id and a refund announced for it."""


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
    states = _stored_states(session, shop_id, order_ids)
    deleted |= _deleted_before(session, shop_id, told - set(states))
    if any(asks_for_facts(rules) for _, _, rules in rulebook.versions):
        for order_id, facts in load_order_facts(session, shop_id, order_ids).items():
            states[order_id].facts = facts
    for order_id, announced in announced_refunds(session, shop_id, order_ids).items():
        states[order_id].refunds.extend(announced)
    for order_id in granted:
        grant(states[order_id], now)
    for order_id in again:
        reckon_again(states[order_id])
    return states.tell(snapshots, new_refunds, deleted, rulebook=rulebook, fetched=fetched, now=now)


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


def _deleted_before(session: Session, shop_id: int, order_ids: set[int]) -> set[int]:
    """Return those of the orders that are new here and deleted already."""
    return set(
        session.scalars(
            select(OrderDeletion.order_id).where(
                OrderDeletion.shop_id == shop_id, among(OrderDeletion.order_id, order_ids)
            )
        )
    )


def _stored_states(session: Session, shop_id: int, order_ids: Iterable[int]) -> OrderStates:
    rows = session.execute(
        select(
            CustomerOrder.order_id,
            CustomerOrder.member_id,
            CustomerOrder.processed_at,
            CustomerOrder.updated_at,
            CustomerOrder.paid_at,
            CustomerOrder.paid_state_at,
            CustomerOrder.paid_spend_minor,
            CustomerOrder.spend_minor,
            CustomerOrder.original_spend_minor,
            CustomerOrder.deleted_at,
            CustomerOrder.granted_at,
            CustomerOrder.facts_wanted,
            CustomerOrder.paid_snapshot,
            cast(CustomerOrder.snapshot, Text).label("snapshot"),
        ).where(CustomerOrder.shop_id == shop_id, among(CustomerOrder.order_id, order_ids))
    )
    states = OrderStates()
    for row in rows:
        states[row.order_id] = OrderState(
            order_id=row.order_id,
            read_stored=partial(_decode, row.snapshot),
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
            paid_snapshot=row.paid_snapshot and snapshot_from_json(row.paid_snapshot),
            seen_unpaid=row.paid_at is None,
        )
    return states


def _decode(stored: str) -> OrderSnapshot:
    return snapshot_from_json(orjson.loads(stored))
