"""What editing an order makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.evaluation import Evaluation, PricedLine
from devstore.store.order import Order
from devstore.store.order_line import OrderLine
from devstore.store.paying import NewId
from devstore.store.placement import order_lines, tax_lines
from devstore.store.shop import Shop


@dataclass(frozen=True)
class OrderEdit:
    """One committed edit: units added and removed by line id."""

    id: int
    order_id: int
    created_at: datetime
    additions: tuple[tuple[int, ...], ...]
    removals: tuple[tuple[int, ...], ...]


def edited(
    order: Order,
    quantities: Mapping[int, int],
    add: Sequence[PricedLine],
    shop: Shop,
    now: datetime,
    new_id: NewId,
) -> tuple[Order, OrderEdit]:
    """Return the order with new current quantities and added lines, and the edit."""
    for line_id, quantity in quantities.items():
        order.line(line_id)
        if quantity < 0:
            raise ValueError("A quantity is never below nothing.")
    kept = tuple(_with_quantity(shop, line, quantities.get(line.id)) for line in order.lines)
    added = order_lines(shop, Evaluation(tuple(add), (), (), 0), new_id)
    changes = [
        (line.id, after.current_quantity - line.current_quantity)
        for line, after in zip(order.lines, kept, strict=True)
    ]
    edit = OrderEdit(
        id=new_id("order_edit"),
        order_id=order.id,
        created_at=now,
        additions=tuple((line_id, delta) for line_id, delta in changes if delta > 0)
        + tuple((line.id, line.quantity) for line in added),
        removals=tuple((line_id, -delta) for line_id, delta in changes if delta < 0),
    )
    after = replace(order, lines=kept + added, updated_at=now, edited_at=now)
    return replace(after, first_total_minor=order.original_total_minor), edit


def _with_quantity(shop: Shop, line: OrderLine, quantity: int | None) -> OrderLine:
    if quantity is None or quantity == line.current_quantity:
        return line
    if quantity < line.current_quantity:
        return replace(line, current_quantity=quantity)
    grown = replace(
        line,
        current_quantity=quantity,
        quantity=line.quantity + quantity - line.current_quantity,
    )
    taxes = tax_lines(shop, grown.discounted_minor) if line.taxes else ()
    return replace(grown, taxes=taxes)
