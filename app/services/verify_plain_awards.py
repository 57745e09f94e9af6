"""Reckons the commonest orders again, straight into their receipts as they are stored.

Cancelled, or paid, with nothing but lines that may have come back: by far the most orders of a
shop. What app.domain reckons of them in general is said here once more for them alone, in a fifth
of the time; every other order, and every award that is not exactly what comes out here, is for the
general reckoning.
tests/app/services/test_verify_plain_awards.py holds both equal on generated orders.
"""

from collections.abc import Collection

from msgspec import UNSET

from app.db.stored_snapshots import PlainOrder, PlainReceiptLine
from app.domain.award import REFUNDED
from app.domain.exclusions import excludes_lines
from app.domain.order_facts import asks_for_facts
from app.domain.points import apportion, points_for
from app.domain.program_rules import ProgramRules

_PAID = REFUNDED | {"paid"}


PlainReckoning = tuple[int, int, int, list[PlainReceiptLine]]
"""What a plain order is worth: points, spend and original spend in minor units, and the receipt."""


def are_plain(rules: ProgramRules) -> bool:
    """Return whether orders can be reckoned plainly by these rules."""
    return not (
        rules.include_shipping
        or rules.excluded_discount_codes
        or excludes_lines(rules)
        or asks_for_facts(rules)
    )


class PlainReckoner:
    """Reckons plain orders by plain rules and a multiplier, of which a programme has few."""

    def __init__(self, rules: ProgramRules, multiplier_bp: int) -> None:
        self._rules = rules
        self._multiplier_bp = multiplier_bp
        self._only_fulfilled = rules.earn_on == "fulfilled"
        # What tax is of the spend where prices are without it, and where they are with it.
        self._tax_signs = (int(rules.include_tax), rules.include_tax - 1)

    def reckon(
        self, order: PlainOrder, announced_refunds: Collection[int] = ()
    ) -> PlainReckoning | None:
        """Return what the order is worth, or None when it is not plain.

        It must neither be deleted nor taken off its customer nor wait for facts. Of the refunds
        that were announced, by id, its snapshot must know.
        """
        cancelled = order.cancelled_at is not None
        if order.test or not (cancelled or self._earns_plainly(order, announced_refunds)):
            return None
        tax_sign = self._tax_signs[order.taxes_included]
        original_minor = 0
        amounts: list[int] = []
        receipt: list[PlainReceiptLine] = []
        for line in order.lines:
            if line.gift_card or line.tip:
                return None
            left, quantity = line.current_quantity, line.quantity
            full_minor = line.gross_minor - line.discount_minor - line.duty_minor
            if tax_sign:
                full_minor += tax_sign * line.tax_minor
            if not quantity or full_minor <= 0:
                amounts.append(0)
                kind = "free" if left else "removed"
                receipt.append(PlainReceiptLine(kind, line.title, left, 0, 0))
                continue
            original_minor += full_minor
            if left == quantity:
                amounts.append(full_minor)
                receipt.append(PlainReceiptLine("line", line.title, left, full_minor, 0))
                continue
            amount_minor = full_minor * left // quantity
            amounts.append(amount_minor)
            kind = "line" if left else "removed"
            full = UNSET if full_minor == amount_minor else full_minor
            receipt.append(PlainReceiptLine(kind, line.title, left, amount_minor, 0, full))
        if cancelled:
            return 0, 0, original_minor, [PlainReceiptLine("cancelled", "", 0, 0, 0)]
        spend_minor = sum(amounts)
        points = points_for(spend_minor, self._rules, self._multiplier_bp)
        for receipt_line, share in zip(receipt, apportion(points, amounts), strict=True):
            receipt_line.points = share
        return points, spend_minor, original_minor, receipt

    def _earns_plainly(self, order: PlainOrder, announced_refunds: Collection[int]) -> bool:
        return (
            order.financial_status in _PAID
            and not order.outstanding_minor
            and (order.fulfilled or not self._only_fulfilled)
            and not (
                (order.refunds or announced_refunds) and not _by_lines(order, announced_refunds)
            )
        )


def _by_lines(order: PlainOrder, announced_refunds: Collection[int]) -> bool:
    """Return whether all refunds are known to the order, and nothing came back but for lines."""
    known = {refund.refund_id for refund in order.refunds}
    beyond_minor = sum([refund.amount_minor for refund in order.refunds])
    return beyond_minor <= 0 and known.issuperset(announced_refunds)
