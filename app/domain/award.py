"""What an order is worth in points, reckoned line by line with what it was pinned to."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.domain.order_snapshot import OrderSnapshot
from app.domain.points import FULL_BP, apportion, points_for
from app.domain.program_rules import ProgramRules
from app.domain.spend import Spend, spend_of

PAID = frozenset({"paid", "partially_refunded", "refunded"})
"""Fully paid, at least once."""
PARTLY_PAID = frozenset({"pending", "authorized", "partially_paid", "unknown"})
"""Nothing or not all is paid yet; `voided` and `expired` never will be."""

ReceiptKind = Literal[
    "line",
    "gift_card",
    "removed",
    "shipping",
    "unpaid_part",
    "test",
    "cancelled",
    "deleted",
    "not_paid",
    "not_fulfilled",
    "sign_up",
]
"""What a line of a receipt says; the words come later, in the shopper's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What an award was first reckoned with and keeps."""

    rule_version_id: int
    tier_id: int | None
    multiplier_bp: int = FULL_BP


class ReceiptLine(NamedTuple):
    """One line of the reckoning that shoppers and staff see."""

    kind: ReceiptKind
    title: str = ""
    quantity: int = 0
    amount_minor: int = 0
    points: int = 0


class Reckoning(NamedTuple):
    """What an order is worth; the points of the receipt's lines sum to `points`."""

    points: int
    spend_minor: int
    original_spend_minor: int
    receipt: tuple[ReceiptLine, ...]


def earns(snapshot: OrderSnapshot, rules: ProgramRules) -> bool:
    """Return whether this state of the order is paid, and fulfilled where the rules ask for it."""
    return snapshot.financial_status in PAID and (rules.earn_on == "paid" or snapshot.fulfilled)


def reckon_order(
    snapshot: OrderSnapshot,
    rules: ProgramRules,
    pin: Pin,
    *,
    paid_spend_minor: int | None = None,
    deleted: bool = False,
) -> Reckoning:
    """Return what the order is worth as it stands.

    `paid_spend_minor` is the spend of the newest state that was fully paid: while a later edit is
    only partly paid, no more than that counts. Orders that earn nothing have one line saying why.
    """
    spend = spend_of(snapshot, rules)
    reason = _why_nothing(snapshot, rules, paid_spend_minor, deleted)
    if reason is not None:
        return Reckoning(0, 0, spend.original_spend_minor, (ReceiptLine(reason),))
    counted_minor = spend.spend_minor
    if paid_spend_minor is not None and snapshot.financial_status in PARTLY_PAID:
        counted_minor = min(counted_minor, paid_spend_minor)
    points = points_for(counted_minor, rules, pin.multiplier_bp)
    receipt = _receipt(snapshot, spend, counted_minor, points)
    return Reckoning(points, counted_minor, spend.original_spend_minor, receipt)


def _why_nothing(
    snapshot: OrderSnapshot, rules: ProgramRules, paid_spend_minor: int | None, deleted: bool
) -> ReceiptKind | None:
    if deleted:
        return "deleted"
    if snapshot.test:
        return "test"
    if snapshot.cancelled_at is not None:
        return "cancelled"
    if snapshot.financial_status not in PAID and (
        paid_spend_minor is None or snapshot.financial_status not in PARTLY_PAID
    ):
        return "not_paid"
    if rules.earn_on == "fulfilled" and not snapshot.fulfilled:
        return "not_fulfilled"
    return None


def _receipt(
    snapshot: OrderSnapshot, spend: Spend, counted_minor: int, points: int
) -> tuple[ReceiptLine, ...]:
    """Return a line for each thing bought, with the award split by largest remainder."""
    shares = apportion(points, (*spend.line_spends_minor, spend.shipping_minor))
    receipt = []
    for line, line_spend_minor, share in zip(
        snapshot.lines, spend.line_spends_minor, shares, strict=False
    ):
        kind: ReceiptKind = "line"
        if line.gift_card:
            kind = "gift_card"
        elif not line.current_quantity:
            kind = "removed"
        receipt.append(
            ReceiptLine(kind, line.title, line.current_quantity, line_spend_minor, share)
        )
    if spend.shipping_minor:
        receipt.append(ReceiptLine("shipping", "", 1, spend.shipping_minor, shares[-1]))
    unpaid_minor = spend.spend_minor - counted_minor
    if unpaid_minor:
        receipt.append(ReceiptLine("unpaid_part", "", 0, -unpaid_minor, 0))
    return tuple(receipt)
