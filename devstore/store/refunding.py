"""What a refund makes of an order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from devstore.store.order import Order, Refund, RefundLine, Transaction
from devstore.store.placement import NewId


class RefundTooLarge(ValueError):
    """More would be given back than is left of the order."""


def refunded(
    order: Order,
    lines: Sequence[tuple[int, int]],
    amount_minor: int | None,
    shipping_minor: int,
    restock: bool,
    note: str | None,
    now: datetime,
    new_id: NewId,
) -> tuple[Order, Refund]:
    """Return the order after the refund, and the refund."""
    taken = {line_id: quantity for line_id, quantity in lines if quantity}
    refund_lines = tuple(
        _refund_line(order, line_id, quantity, restock, new_id("refund_line"))
        for line_id, quantity in taken.items()
    )
    worth_minor = shipping_minor + sum(
        each.subtotal_minor + (0 if order.taxes_included else each.tax_minor)
        for each in refund_lines
    )
    left_minor = order.paid_minor - order.refunded_minor
    paid_out_minor = min(worth_minor, left_minor) if amount_minor is None else amount_minor
    if not 0 <= paid_out_minor <= left_minor or shipping_minor < 0:
        raise RefundTooLarge(order.id)
    adjustment_minor = paid_out_minor - worth_minor if order.paid_minor else 0
    refund = Refund(
        new_id("refund"), now, paid_out_minor, refund_lines, shipping_minor, adjustment_minor, note
    )
    return _with_refund(order, refund, taken, now, new_id), refund


def _with_refund(
    order: Order, refund: Refund, taken: dict[int, int], now: datetime, new_id: NewId
) -> Order:
    transactions = order.transactions
    if refund.amount_minor:
        payout = Transaction(
            new_id("transaction"), "refund", refund.amount_minor, now, refund_id=refund.id
        )
        transactions = (*transactions, payout)
    lines = tuple(
        replace(line, current_quantity=line.current_quantity - taken.get(line.id, 0))
        for line in order.lines
    )
    return replace(
        order,
        lines=lines,
        refunds=(*order.refunds, refund),
        transactions=transactions,
        updated_at=now,
    )


def _refund_line(
    order: Order, line_id: int, quantity: int, restock: bool, refund_line_id: int
) -> RefundLine:
    line = order.line(line_id)
    if not 0 < quantity <= line.current_quantity:
        raise RefundTooLarge(order.id)
    # The difference of two roundings, so that parts of a line sum to the whole.
    left = line.current_quantity - quantity
    subtotal = line.current_minor - line.part(line.discounted_minor, left)
    tax = line.part(line.tax_minor, line.current_quantity) - line.part(line.tax_minor, left)
    return RefundLine(refund_line_id, line_id, quantity, subtotal, tax, restock)
