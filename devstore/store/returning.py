"""What goods sent back make of an order, for money or for other goods."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from devstore.store.evaluation import Evaluation, PricedLine
from devstore.store.order import Order
from devstore.store.order_money import Refund, Return
from devstore.store.paying import NewId
from devstore.store.placement import order_lines
from devstore.store.refunding import Payout, refund_line, refunded, worth_of
from devstore.store.shop import Shop


def returned(
    order: Order,
    lines: Sequence[tuple[int, int]],
    exchanged_for: Sequence[PricedLine],
    payout: Payout,
    shop: Shop,
    now: datetime,
    new_id: NewId,
) -> tuple[Order, Refund]:
    """Return the order after a return was processed, and the refund that stands for it.

    What the goods sent back were worth pays for the goods sent out first; only the rest is paid
    out, and what is missing stays to be paid.
    """
    added = order_lines(shop, Evaluation(tuple(exchanged_for), (), (), 0), new_id)
    costs_minor = sum(
        line.discounted_minor + (0 if order.taxes_included else line.tax_minor) for line in added
    )
    units = tuple((line_id, quantity) for line_id, quantity in lines if quantity)
    back = [refund_line(order, line_id, quantity, True, 0) for line_id, quantity in units]
    applied_minor = min(costs_minor, worth_of(order, back))
    sent_back = Return(new_id("return"), now, units, tuple(line.id for line in added))
    payout = replace(payout, applied_minor=applied_minor, return_id=sent_back.id)
    order, refund = refunded(order, units, payout, 0, True, None, now, new_id)
    after = replace(order, lines=order.lines + added, returns=(*order.returns, sent_back))
    return replace(after, first_total_minor=order.original_total_minor), refund
