"""What counts as spend of an order, line by line, in minor units of the shop currency."""

from dataclasses import dataclass

from app.domain.order_snapshot import OrderLine, OrderSnapshot
from app.domain.program_rules import ProgramRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What counts now and what would count had nothing been sent back."""

    line_spends_minor: tuple[int, ...]
    """One for each line of the order, 0 for gift cards."""
    shipping_minor: int
    spend_minor: int
    original_spend_minor: int


def spend_of(snapshot: OrderSnapshot, rules: ProgramRules) -> Spend:
    """Return the spend of an order as it stands, whether or not it is paid, cancelled or a test.

    A line is (price times quantity less discounts) times current over original quantity, rounded
    down once. Refunds of an amount without lines take the same share of every line. Gift cards
    never count; tax and shipping do where the rules say so.
    """
    refunded_minor = sum(refund.amount_minor for refund in snapshot.refunds)
    whole_minor = _current_total(snapshot) if refunded_minor else 0
    kept_minor = max(whole_minor - refunded_minor, 0)
    spends = []
    original_minor = 0
    for line in snapshot.lines:
        if line.gift_card or not line.quantity:
            spends.append(0)
            continue
        base_minor = _base(line, snapshot, rules)
        original_minor += base_minor
        current_minor = base_minor * line.current_quantity
        if not refunded_minor:
            spends.append(current_minor // line.quantity)
        elif whole_minor:
            spends.append(current_minor * kept_minor // (line.quantity * whole_minor))
        else:
            spends.append(0)
    shipping_minor, original_shipping_minor = _shipping(snapshot, rules)
    return Spend(
        line_spends_minor=tuple(spends),
        shipping_minor=shipping_minor,
        spend_minor=sum(spends) + shipping_minor,
        original_spend_minor=original_minor + original_shipping_minor,
    )


def _base(line: OrderLine, snapshot: OrderSnapshot, rules: ProgramRules) -> int:
    """Return what counts of a line at its original quantity."""
    net_minor = line.gross_minor - line.discount_minor
    if snapshot.taxes_included and not rules.include_tax:
        net_minor -= line.tax_minor
    elif rules.include_tax and not snapshot.taxes_included:
        net_minor += line.tax_minor
    return max(net_minor, 0)


def _current_total(snapshot: OrderSnapshot) -> int:
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
