"""What a refund makes of an order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.order import Order
from devstore.store.order_money import CARD, Refund, RefundLine, Transaction
from devstore.store.paying import NewId


class RefundTooLarge(ValueError):
    """More would be given back than is left of the order."""


@dataclass(frozen=True)
class Payout:
    """What of a refund is paid out and how.

    Without an amount what was given back is paid out; `applied_minor` of it goes towards other
    goods instead. A `pending` payout is on its way: Shopify's payments take days.
    """

    amount_minor: int | None = None
    applied_minor: int = 0
    gateway: str = CARD
    pending: bool = False
    return_id: int | None = None


def refunded(
    order: Order,
    lines: Sequence[tuple[int, int]],
    payout: Payout,
    shipping_minor: int,
    restock: bool,
    note: str | None,
    now: datetime,
    new_id: NewId,
) -> tuple[Order, Refund]:
    """Return the order after the refund, and the refund."""
    taken = {line_id: quantity for line_id, quantity in lines if quantity}
    refund_lines = tuple(
        refund_line(order, line_id, quantity, restock, new_id("refund_line"))
        for line_id, quantity in taken.items()
    )
    worth_minor = shipping_minor + worth_of(order, refund_lines) - payout.applied_minor
    left_minor = order.paid_minor - order.refunded_minor
    paid_out_minor = payout.amount_minor
    if paid_out_minor is None:
        paid_out_minor = max(0, min(worth_minor, left_minor))
    if not 0 <= paid_out_minor <= left_minor or shipping_minor < 0:
        raise RefundTooLarge(order.id)
    refund = Refund(
        new_id("refund"),
        now,
        paid_out_minor,
        refund_lines,
        shipping_minor,
        paid_out_minor - worth_minor if order.paid_minor else 0,
        note,
        payout.return_id,
        payout.pending and paid_out_minor > 0,
    )
    return _with_refund(order, refund, taken, payout.gateway, now, new_id), refund


def settled(order: Order, refund_id: int, now: datetime) -> Order:
    """Return the order with a pending payout arrived."""
    refunds = tuple(
        replace(each, pending=False, settled_late=True)
        if each.id == refund_id and each.pending
        else each
        for each in order.refunds
    )
    transactions = tuple(
        replace(each, status="success") if each.refund_id == refund_id else each
        for each in order.transactions
    )
    return replace(order, refunds=refunds, transactions=transactions, updated_at=now)


def worth_of(order: Order, lines: Sequence[RefundLine]) -> int:
    """Return what these lines cost the customer: with duties, and with tax on top."""
    return sum(
        line.subtotal_minor + line.duty_minor + (0 if order.taxes_included else line.tax_minor)
        for line in lines
    )


def refund_line(
    order: Order, line_id: int, quantity: int, restock: bool, refund_line_id: int
) -> RefundLine:
    """Return so many units of a line given back; more than are left raises RefundTooLarge."""
    line = order.line(line_id)
    if not 0 < quantity <= line.current_quantity:
        raise RefundTooLarge(order.id)
    left = line.current_quantity - quantity

    def share(amount_minor: int) -> int:
        # The difference of two roundings, so that parts of a line sum to the whole.
        return line.part(amount_minor, line.current_quantity) - line.part(amount_minor, left)

    return RefundLine(
        refund_line_id,
        line_id,
        quantity,
        share(line.discounted_minor),
        share(line.tax_minor),
        restock,
        share(line.duty_minor),
    )


def _with_refund(
    order: Order, refund: Refund, taken: dict[int, int], gateway: str, now: datetime, new_id: NewId
) -> Order:
    transactions = order.transactions
    if refund.amount_minor:
        status = "pending" if refund.pending else "success"
        payout = Transaction(
            new_id("transaction"), "refund", refund.amount_minor, now, gateway, refund.id, status
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
