"""Which orders of a shop wait for facts, and which facts those are."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.awards import load_order_awards
from app.db.models import CustomerOrder
from app.db.order_inputs import load_order_inputs
from app.domain.order_facts import MissingFacts, missing_facts
from app.domain.program_rules import ProgramRules
from app.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order that cannot be reckoned yet."""

    order_id: int
    rules: ProgramRules
    """Those of its award's pin, or those in force when it was processed."""
    payment_unknown: bool
    """Nobody knows when it was paid."""
    missing: MissingFacts
    """Nothing, where what it waited for has become pointless: reckon it all the same."""


def waiting_orders(
    session: Session, shop_id: int, rulebook: Rulebook, limit: int
) -> list[WaitingOrder]:
    """Return orders that wait for facts, in the order of their ids."""
    unknown = CustomerOrder.paid_at.is_(None) & CustomerOrder.paid_state_at.is_not(None)
    found = session.execute(
        select(CustomerOrder.order_id, unknown.label("payment_unknown"))
        .where(CustomerOrder.shop_id == shop_id, CustomerOrder.facts_wanted)
        .order_by(CustomerOrder.order_id)
        .limit(limit)
    ).all()
    order_ids = [row.order_id for row in found]
    payment_unknown = {row.order_id for row in found if row.payment_unknown}
    source_ids = {order_id: f"{shop_id}:{order_id}" for order_id in order_ids}
    awards = load_order_awards(session, rulebook.program_id, source_ids.values())
    waiting = []
    for order_id, order in sorted(load_order_inputs(session, shop_id, order_ids).items()):
        award = awards.get(source_ids[order_id])
        _, rules = rulebook.in_force(order.snapshot.processed_at)
        if award is not None:
            rules = rulebook.pinned(award.pin)
        missing = missing_facts(order.snapshot, rules, order.facts)
        waiting.append(
            WaitingOrder(
                order_id=order_id,
                rules=rules,
                payment_unknown=order_id in payment_unknown,
                missing=missing,
            )
        )
    return waiting
