"""Reckons a shop's orders by a draft and by the live rules, a batch at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.models import Customer, MemberIdentity, RuleComparison, RuleComparisonMember
from app.db.queries.order_replay import OrderPosition, StoredOrder, stored_orders
from app.domain.award import partly_paid, reckon_order
from app.domain.order_facts import (
    CustomerFacts,
    OrderFacts,
    ProductFacts,
    asks_for_facts,
    missing_facts,
)
from app.domain.paid_part import paid_part_minor
from app.domain.program_rules import ProgramRules, rules_from_json
from app.services.pin_order_facts import seen_signed_in

ORDERS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class PresentFacts:
    """What products and customers are now, by Shopify's ids."""

    products: dict[int, ProductFacts] = field(default_factory=dict)
    customers: dict[int, CustomerFacts] = field(default_factory=dict)


@dataclass(slots=True)
class _MemberSum:
    """What the orders of one member came to."""

    orders: int = 0
    live_points: int = 0
    draft_points: int = 0


def facts_wanted(
    session: Session, *, comparison_id: int, limit: int = ORDERS_AT_ONCE
) -> PresentFacts:
    """Return of which products and customers the next orders ask what is not pinned, as keys.

    Of a customer only those tags are pinned that the order's own rules asked about, so that for
    other rules customers are asked about anew.
    """
    comparison = session.get(RuleComparison, comparison_id)
    wanted = PresentFacts()
    if comparison is None or comparison.state != "running":
        return wanted
    both = (rules_from_json(comparison.live_rules), rules_from_json(comparison.draft_rules))
    asking = [rules for rules in both if asks_for_facts(rules)]
    for order in _next_orders(session, comparison, limit) if asking else ():
        pinned = OrderFacts(products=order.facts.products)
        for rules in asking:
            missing = missing_facts(order.snapshot, rules, pinned)
            wanted.products.update(dict.fromkeys(missing.product_ids, ProductFacts()))
            if missing.customer_id is not None:
                wanted.customers[missing.customer_id] = CustomerFacts()
    return wanted


def compare_rules(
    session: Session,
    *,
    comparison_id: int,
    now: datetime,
    present: PresentFacts | None = None,
    limit: int = ORDERS_AT_ONCE,
) -> bool:
    """Reckon the next `limit` orders of a comparison; return whether there are more.

    Each order is reckoned as it stands, with its own pins, once by the live rules and once by the
    draft; `present` says what is not pinned of its products and customer. The position is saved
    with the sums, so that a run that dies is gone on with where the last batch ended. One that is
    done, or was thrown away, is a normal result.
    """
    comparison = session.scalars(
        select(RuleComparison).where(RuleComparison.id == comparison_id).with_for_update()
    ).one_or_none()
    if comparison is None or comparison.state != "running":
        return False
    if comparison.position is None:
        _add_sign_ups(session, comparison)
    orders = _next_orders(session, comparison, limit)
    if present is not None:
        seen = seen_signed_in(session, comparison.shop_id, present.customers)
        orders = [_with_present(order, present, seen) for order in orders]
    live, draft = rules_from_json(comparison.live_rules), rules_from_json(comparison.draft_rules)
    _add(session, comparison, _sums(orders, live, draft))
    if orders:
        comparison.position = _as_json(orders[-1].position)
        comparison.orders_done += len(orders)
        comparison.orders_unknown += sum(_unknown(order, draft) for order in orders)
    if len(orders) < limit:
        _finish(session, comparison, now)
    session.flush()
    return comparison.state == "running"


def _next_orders(session: Session, comparison: RuleComparison, limit: int) -> list[StoredOrder]:
    return stored_orders(
        session,
        comparison.program_id,
        comparison.shop_id,
        since=comparison.since,
        until=comparison.until,
        after=_position(comparison.position),
        limit=limit,
    )


def _with_present(order: StoredOrder, present: PresentFacts, seen: set[int]) -> StoredOrder:
    """Return the order with what is known of its products and customer now, where not pinned."""
    snapshot, pinned = order.snapshot, order.facts
    product_ids = {line.product_id for line in snapshot.lines if line.product_id is not None}
    products = {
        product_id: present.products[product_id]
        for product_id in product_ids & present.products.keys()
    } | dict(pinned.products)
    customers = dict(pinned.customers)
    customer_id = snapshot.customer_id
    if customer_id is not None and customer_id in present.customers:
        told = present.customers[customer_id]
        before = customers.get(customer_id, CustomerFacts())
        has_account = told.has_account or before.has_account or customer_id in seen
        customers[customer_id] = told._replace(has_account=has_account)
    return replace(order, facts=OrderFacts(products=products, customers=customers))


def _sums(
    orders: Iterable[StoredOrder], live: ProgramRules, draft: ProgramRules
) -> dict[int, _MemberSum]:
    """Return what each member's orders are worth; those worth nothing either way are left out."""
    sums: dict[int, _MemberSum] = {}
    for order in orders:
        live_points, draft_points = _points(order, live), _points(order, draft)
        if live_points or draft_points:
            member = sums.setdefault(order.position.member_id, _MemberSum())
            member.orders += 1
            member.live_points += live_points
            member.draft_points += draft_points
    return sums


def _points(order: StoredOrder, rules: ProgramRules) -> int:
    return reckon_order(
        order.snapshot,
        rules,
        order.pin,
        facts=order.facts,
        paid_spend_minor=_paid_spend(order, rules),
        deleted=order.deleted,
    ).points


def _paid_spend(order: StoredOrder, rules: ProgramRules) -> int | None:
    """Return what of the order was paid as these rules count it: tax, say, or not."""
    if order.paid_spend_minor is None or not partly_paid(order.snapshot):
        return order.paid_spend_minor
    return paid_part_minor(order.snapshot, order.paid, rules, order.facts)


def _unknown(order: StoredOrder, draft: ProgramRules) -> bool:
    """Return whether the draft's exclusions ask what was never learnt of the order."""
    return bool(missing_facts(order.snapshot, draft, order.facts)) and _points(order, draft) > 0


def _add(session: Session, comparison: RuleComparison, sums: Mapping[int, _MemberSum]) -> None:
    """Add a batch to what earlier ones came to: a member's orders may lie in several."""
    if not sums:
        return
    row = insert(RuleComparisonMember)
    added = row.excluded
    session.execute(
        row.on_conflict_do_update(
            index_elements=["comparison_id", "member_id"],
            set_={
                "orders": RuleComparisonMember.orders + added.orders,
                "live_points": RuleComparisonMember.live_points + added.live_points,
                "draft_points": RuleComparisonMember.draft_points + added.draft_points,
            },
        ),
        [
            {
                "comparison_id": comparison.id,
                "program_id": comparison.program_id,
                "member_id": member_id,
                "orders": member.orders,
                "live_points": member.live_points,
                "draft_points": member.draft_points,
            }
            for member_id, member in sorted(sums.items())
        ],
    )


def _add_sign_ups(session: Session, comparison: RuleComparison) -> None:
    """Count what the shop's customers of the period got, and would get, for signing up."""
    live_points: int = rules_from_json(comparison.live_rules).sign_up_points
    draft_points: int = rules_from_json(comparison.draft_rules).sign_up_points
    if not live_points and not draft_points:
        return
    joined = (
        select(
            literal(comparison.id),
            MemberIdentity.member_id,
            literal(comparison.program_id),
            literal(0),
            literal(live_points) * func.count(),
            literal(draft_points) * func.count(),
        )
        .join(
            Customer,
            (Customer.shop_id == MemberIdentity.shop_id)
            & (Customer.customer_id == MemberIdentity.customer_id),
        )
        .where(
            Customer.shop_id == comparison.shop_id,
            Customer.created_at >= comparison.since,
            Customer.created_at < comparison.until,
        )
        .group_by(MemberIdentity.member_id)
    )
    columns = ["comparison_id", "member_id", "program_id", "orders", "live_points", "draft_points"]
    session.execute(insert(RuleComparisonMember).from_select(columns, joined))


def _finish(session: Session, comparison: RuleComparison, now: datetime) -> None:
    """Add all members up."""
    difference = RuleComparisonMember.draft_points - RuleComparisonMember.live_points
    total = session.execute(
        select(
            func.coalesce(func.sum(RuleComparisonMember.live_points), 0).label("live"),
            func.coalesce(func.sum(RuleComparisonMember.draft_points), 0).label("draft"),
            func.count().filter(difference > 0).label("gaining"),
            func.count().filter(difference < 0).label("losing"),
            func.count().filter(difference == 0).label("same"),
        ).where(RuleComparisonMember.comparison_id == comparison.id)
    ).one()
    comparison.live_points, comparison.draft_points = int(total.live), int(total.draft)
    comparison.members_gaining = total.gaining
    comparison.members_losing = total.losing
    comparison.members_same = total.same
    comparison.state, comparison.reckoned_at = "done", now


def _as_json(position: OrderPosition) -> dict[str, Any]:
    return asdict(position) | {"processed_at": position.processed_at.isoformat()}


def _position(stored: Mapping[str, Any] | None) -> OrderPosition | None:
    if stored is None:
        return None
    return OrderPosition(
        member_id=stored["member_id"],
        processed_at=datetime.fromisoformat(stored["processed_at"]),
        order_id=stored["order_id"],
    )
