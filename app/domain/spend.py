"""What counts as spend of an order, line by line, in minor units of the shop currency."""

from typing import Literal, NamedTuple

from app.domain.exclusions import LineExclusion, excludes_lines, line_exclusion
from app.domain.order_facts import NO_FACTS, OrderFacts
from app.domain.order_snapshot import OrderLine, OrderSnapshot, beyond_lines_minor
from app.domain.program_rules import ProgramRules

LineKind = Literal["line", "removed", "free", "gift_card", "tip"] | LineExclusion


class LineSpend(NamedTuple):
    """What counts of one line."""

    kind: LineKind
    spend_minor: int
    full_minor: int
    """What it came to before anything of it was given back, whether it counts or not."""
    detail: str = ""
    """The collection's id or the tag that keeps it from counting."""


class Spend(NamedTuple):
    """What counts now and what would count had nothing been sent back."""

    lines: tuple[LineSpend, ...]
    """One for each line of the order, in its order."""
    shipping_minor: int
    full_shipping_minor: int
    refunded_minor: int
    """Given back without lines; it lowered every line by the same share."""
    spend_minor: int
    original_spend_minor: int


def spend_of(snapshot: OrderSnapshot, rules: ProgramRules, facts: OrderFacts = NO_FACTS) -> Spend:
    """Return the spend of an order as it stands, whether or not it is paid, cancelled or a test.

    A line is (price times quantity less discounts) times current over original quantity, rounded
    down once. Refunds of an amount without lines take the same share of every line, of those that
    do not count as well. Gift cards, tips and duties never count, nor what the rules exclude; tax
    and shipping do where the rules say so.
    """
    refunded_minor = beyond_lines_minor(snapshot.refunds)
    whole_minor = _lines_total(snapshot) if refunded_minor else 0
    kept_minor = max(whole_minor - refunded_minor, 0)
    may_exclude = excludes_lines(rules)
    tax_sign = _tax_sign(snapshot, rules)
    lines = []
    spend_minor = original_minor = 0
    for line in snapshot.lines:
        counted_minor = full_minor = _full(line, tax_sign)
        kind: LineKind = "line"
        detail = ""
        if line.gift_card or line.tip:
            kind = "gift_card" if line.gift_card else "tip"
            counted_minor = 0
        elif may_exclude and (excluded := line_exclusion(line, rules, facts)) is not None:
            kind, detail = excluded
            counted_minor = 0
        elif not line.current_quantity:
            kind = "removed"
        elif not full_minor:
            kind = "free"
        if counted_minor:
            original_minor += counted_minor
            counted_minor *= line.current_quantity
            if not refunded_minor:
                counted_minor //= line.quantity
            elif whole_minor:
                counted_minor = counted_minor * kept_minor // (line.quantity * whole_minor)
            else:
                counted_minor = 0
            spend_minor += counted_minor
        lines.append(LineSpend(kind, counted_minor, full_minor, detail))
    shipping_minor, full_shipping_minor = _shipping(snapshot, rules)
    return Spend(
        lines=tuple(lines),
        shipping_minor=shipping_minor,
        full_shipping_minor=full_shipping_minor,
        refunded_minor=refunded_minor,
        spend_minor=spend_minor + shipping_minor,
        original_spend_minor=original_minor + full_shipping_minor,
    )


def charged_minor(snapshot: OrderSnapshot) -> int:
    """Return what was charged for the lines as they stand, with tax, less amounts given back."""
    return max(_lines_total(snapshot) - beyond_lines_minor(snapshot.refunds), 0)


def _tax_sign(snapshot: OrderSnapshot, rules: ProgramRules) -> int:
    """Return how tax changes what was charged for a line into what counts: -1, 0 or 1 times."""
    if snapshot.taxes_included:
        return 0 if rules.include_tax else -1
    return 1 if rules.include_tax else 0


def _full(line: OrderLine, tax_sign: int) -> int:
    """Return what a line came to at its original quantity, as far as the rules count it."""
    if not line.quantity:
        return 0
    charged_minor = line.gross_minor - line.discount_minor - line.duty_minor
    return max(charged_minor + tax_sign * line.tax_minor, 0)


def _lines_total(snapshot: OrderSnapshot) -> int:
    """Return what was charged for the lines as they stand, with tax: what amounts are part of."""
    total_minor = 0
    for line in snapshot.lines:
        if line.quantity:
            charged_minor = line.gross_minor - line.discount_minor
            if not snapshot.taxes_included:
                charged_minor += line.tax_minor
            total_minor += max(charged_minor, 0) * line.current_quantity // line.quantity
    return total_minor


def _shipping(snapshot: OrderSnapshot, rules: ProgramRules) -> tuple[int, int]:
    """Return what counts of shipping, now and originally."""
    if not rules.include_shipping or not snapshot.shipping_minor:
        return 0, 0
    charged_minor = original_minor = snapshot.shipping_minor
    if snapshot.taxes_included and not rules.include_tax:
        original_minor -= snapshot.shipping_tax_minor
    elif not snapshot.taxes_included:
        charged_minor += snapshot.shipping_tax_minor
        if rules.include_tax:
            original_minor = charged_minor
    refunded_minor = sum(refund.shipping_minor for refund in snapshot.refunds)
    kept_minor = max(charged_minor - refunded_minor, 0)
    return original_minor * kept_minor // charged_minor, original_minor
