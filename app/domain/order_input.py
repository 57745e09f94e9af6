"""All that an order's award was reckoned from, so that it can be reckoned again at any time."""

from dataclasses import dataclass

from app.domain.award import Pin, Reckoning, reckon_order
from app.domain.order_facts import NO_FACTS, OrderFacts
from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInput:
    """An order as it stands, with every refund seen, and what was pinned or noted of it."""

    snapshot: OrderSnapshot
    facts: OrderFacts = NO_FACTS
    paid_spend_minor: int | None = None
    deleted: bool = False
    taken_off: bool = False
    """It had a customer once, and is nobody's now."""
    waiting: bool = False
    """Facts are still to be fetched: its award is that of an earlier state, or not made yet."""


def reckon(order: OrderInput, rules: ProgramRules, pin: Pin) -> Reckoning:
    """Return what the order is worth: unless it is waiting, exactly what its award says.

    `rules` are those of the pin's version.
    """
    return reckon_order(
        order.snapshot,
        rules,
        pin,
        facts=order.facts,
        paid_spend_minor=order.paid_spend_minor,
        deleted=order.deleted,
        taken_off=order.taken_off,
    )
