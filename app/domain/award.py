"""What an order is worth in points, reckoned line by line with what it was pinned to."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.domain.exclusions import OrderExclusion, order_exclusion
from app.domain.order_facts import (
    NO_FACTS,
    NOTHING_MISSING,
    MissingFacts,
    OrderFacts,
    missing_facts,
)
from app.domain.order_snapshot import OrderSnapshot
from app.domain.points import FULL_BP, apportion, points_for
from app.domain.program_rules import ProgramRules
from app.domain.spend import LineKind, Spend, spend_of

PARTLY_PAID = frozenset({"pending", "authorized", "partially_paid", "unknown"})
"""Nothing or not all is paid yet; `voided` and `expired` never will be."""
REFUNDED = frozenset({"partially_refunded", "refunded"})
"""Paid at least once; what an edit added since may not be."""

NothingKind = (
    Literal["test", "cancelled", "deleted", "no_customer", "not_paid", "not_fulfilled"]
    | OrderExclusion
)
"""Why a whole order earns nothing."""
GiftKind = Literal["tier_entry", "tier_yearly", "birthday"]
"""What a tier gave."""
ReceiptKind = (
    LineKind
    | Literal["shipping", "amount_refund", "unpaid_part", "sign_up", "manual"]
    | GiftKind
    | NothingKind
)
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
    """What is left of it."""
    amount_minor: int = 0
    """What counts; the lines' amounts sum to the spend that was reckoned with."""
    points: int = 0
    full_minor: int = 0
    """What it came to before anything was given back, whether it counts or not."""
    detail: str = ""
    """What keeps it from earning: a collection's id, a tag or a code."""


class Reckoning(NamedTuple):
    """What an order is worth; the points of the receipt's lines sum to `points`."""

    points: int
    spend_minor: int
    original_spend_minor: int
    receipt: tuple[ReceiptLine, ...]


def fully_paid(snapshot: OrderSnapshot) -> bool:
    """Return whether nothing of the order as it stands is to be paid any more.

    Once something was refunded, the status no longer tells of an edit that is not paid.
    """
    if snapshot.financial_status in REFUNDED:
        return not snapshot.outstanding_minor
    return snapshot.financial_status == "paid"


def partly_paid(snapshot: OrderSnapshot) -> bool:
    """Return whether the order as it stands may still be paid, and is not yet."""
    if snapshot.financial_status in REFUNDED:
        return snapshot.outstanding_minor > 0
    return snapshot.financial_status in PARTLY_PAID


def earns(snapshot: OrderSnapshot, rules: ProgramRules) -> bool:
    """Return whether this state of the order is paid, and fulfilled where the rules ask for it."""
    return fully_paid(snapshot) and (rules.earn_on == "paid" or snapshot.fulfilled)


def reckon_order(
    snapshot: OrderSnapshot,
    rules: ProgramRules,
    pin: Pin,
    *,
    facts: OrderFacts = NO_FACTS,
    paid_spend_minor: int | None = None,
    deleted: bool = False,
    taken_off: bool = False,
) -> Reckoning:
    """Return what the order is worth as it stands: the same arguments always give the same.

    `rules` are those of the pin's version, and `facts` what was pinned of products and customer.
    `paid_spend_minor` is None until the order was fully paid once; while a later edit is only partly
    paid, no more than this part counts (paid_part). `taken_off`: it had a customer, and has none now.
    Orders that earn nothing have one line saying why.
    """
    spend = spend_of(snapshot, rules, facts)
    gone: NothingKind | None = _why_gone(deleted=deleted, taken_off=taken_off)
    nothing = _why_nothing(snapshot, rules, facts, paid_spend_minor, gone)
    if nothing is not None:
        return Reckoning(0, 0, spend.original_spend_minor, (nothing,))
    counted_minor = spend.spend_minor
    if paid_spend_minor is not None and partly_paid(snapshot):
        counted_minor = min(counted_minor, paid_spend_minor)
    points = points_for(counted_minor, rules, pin.multiplier_bp)
    receipt = _receipt(snapshot, spend, counted_minor, points)
    return Reckoning(points, counted_minor, spend.original_spend_minor, receipt)


def may_earn(snapshot: OrderSnapshot, *, deleted: bool) -> bool:
    """Return whether the order can be worth something as it stands, whatever was paid when."""
    return not (deleted or snapshot.test or snapshot.cancelled_at is not None)


def facts_wanted(
    snapshot: OrderSnapshot,
    rules: ProgramRules,
    facts: OrderFacts,
    *,
    paid_before: bool,
    deleted: bool,
    taken_off: bool = False,
) -> MissingFacts:
    """Return the facts without which the order cannot be reckoned; none while it earns nothing."""
    missing = missing_facts(snapshot, rules, facts)
    gone = _why_gone(deleted=deleted, taken_off=taken_off)
    if missing and _why_no_state_earns(snapshot, rules, 0 if paid_before else None, gone):
        return NOTHING_MISSING
    return missing


def reckon_sign_up(rules: ProgramRules) -> Reckoning:
    """Return what signing up is worth."""
    return _flat("sign_up", rules.sign_up_points)


def reckon_manual(points: int) -> Reckoning:
    """Return what staff gave."""
    return _flat("manual", points)


def reckon_gift(kind: GiftKind, points: int, tier_name: str) -> Reckoning:
    """Return what a tier gave, with the name that the tier had."""
    return Reckoning(points, 0, 0, (ReceiptLine(kind, points=points, detail=tier_name),))


def _flat(kind: Literal["sign_up", "manual"], points: int) -> Reckoning:
    return Reckoning(points, 0, 0, (ReceiptLine(kind, points=points),))


def _why_nothing(
    snapshot: OrderSnapshot,
    rules: ProgramRules,
    facts: OrderFacts,
    paid_spend_minor: int | None,
    gone: NothingKind | None,
) -> ReceiptLine | None:
    reason = _why_no_state_earns(snapshot, rules, paid_spend_minor, gone)
    if reason is not None:
        return ReceiptLine(reason)
    excluded = order_exclusion(snapshot, rules, facts)
    return None if excluded is None else ReceiptLine(excluded.kind, detail=excluded.detail)


def _why_gone(*, deleted: bool, taken_off: bool) -> NothingKind | None:
    if deleted:
        return "deleted"
    return "no_customer" if taken_off else None


def _why_no_state_earns(
    snapshot: OrderSnapshot,
    rules: ProgramRules,
    paid_spend_minor: int | None,
    gone: NothingKind | None,
) -> NothingKind | None:
    if gone is not None:
        return gone
    if snapshot.test:
        return "test"
    if snapshot.cancelled_at is not None:
        return "cancelled"
    if not fully_paid(snapshot) and (paid_spend_minor is None or not partly_paid(snapshot)):
        return "not_paid"
    if rules.earn_on == "fulfilled" and not snapshot.fulfilled:
        return "not_fulfilled"
    return None


def _receipt(
    snapshot: OrderSnapshot, spend: Spend, counted_minor: int, points: int
) -> tuple[ReceiptLine, ...]:
    """Return a line for each thing bought, with the award split by largest remainder."""
    weights = [line.spend_minor for line in spend.lines]
    weights.append(spend.shipping_minor)
    shares = apportion(points, weights)
    receipt = [
        ReceiptLine(
            counted.kind,
            line.title,
            line.current_quantity,
            counted.spend_minor,
            share,
            counted.full_minor,
            counted.detail,
        )
        for line, counted, share in zip(snapshot.lines, spend.lines, shares, strict=False)
    ]
    if spend.full_shipping_minor:
        receipt.append(
            ReceiptLine(
                "shipping", "", 1, spend.shipping_minor, shares[-1], spend.full_shipping_minor
            )
        )
    if spend.refunded_minor:
        receipt.append(ReceiptLine("amount_refund", full_minor=-spend.refunded_minor))
    unpaid_minor = spend.spend_minor - counted_minor
    if unpaid_minor:
        receipt.append(ReceiptLine("unpaid_part", "", 0, -unpaid_minor, 0, -unpaid_minor))
    return tuple(receipt)
