"""An order as the rules see it: the newest known state, in integers of the shop's currency."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

FinancialStatus = Literal[
    "pending",
    "authorized",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
    "voided",
    "expired",
    "unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line item; amounts are in minor units and cover the original quantity."""

    line_id: int
    product_id: int | None
    title: str
    quantity: int
    """As first ordered."""
    current_quantity: int
    """After refunds and edits."""
    gross_minor: int
    """Price times original quantity."""
    discount_minor: int
    """All discounts allocated to the line, for the original quantity."""
    tax_minor: int
    """Tax on the line after discounts, for the original quantity; inside the price when the
    order's `taxes_included`."""
    gift_card: bool = False
    tip: bool = False
    duty_minor: int = 0
    """Import duties that the price contains, for the original quantity; 0 when they are extra."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund: what was sent back by line and what was paid back without lines."""

    refund_id: int
    created_at: datetime
    line_quantities: tuple[tuple[int, int], ...] = ()
    """(line_id, quantity) pairs."""
    amount_minor: int = 0
    """Money given back beyond the lines; below zero where the lines were not paid back in full,
    or not yet: what is paid out for them later is a refund of an amount."""
    shipping_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSnapshot:
    """The newest known state of an order; webhook JSON and GraphQL give the same one."""

    order_id: int
    name: str
    customer_id: int | None
    currency: str
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    financial_status: FinancialStatus
    fulfilled: bool
    cancelled_at: datetime | None
    test: bool
    taxes_included: bool
    lines: tuple[OrderLine, ...]
    shipping_minor: int
    """Shipping after discounts."""
    shipping_tax_minor: int
    refunds: tuple[Refund, ...] = ()
    discount_codes: tuple[str, ...] = ()
    outstanding_minor: int = 0
    """Still to be paid; 0 also where the customer is to get something back."""
    told_paid_at: datetime | None = field(default=None, compare=False)
    """When it was first paid in full, if that is told: the Admin API does, webhooks do not."""


def beyond_lines_minor(refunds: Iterable[Refund]) -> int:
    """Return what these refunds together gave back for no line.

    A late payout of a line is set against what was missing when the line came back.
    """
    return max(sum(refund.amount_minor for refund in refunds), 0)


def lacks_products(snapshot: OrderSnapshot) -> bool:
    """Return whether some line names no product: a custom one, or of a product deleted since."""
    return any(line.product_id is None for line in snapshot.lines)


def with_known_products(snapshot: OrderSnapshot, other: OrderSnapshot) -> OrderSnapshot:
    """Return the order with the products that another state of it still names.

    Shopify forgets which product a line was of when the product is deleted; what the line was
    bought as does not change by that.
    """
    known = {line.line_id: line.product_id for line in other.lines if line.product_id is not None}
    if not any(line.product_id is None and line.line_id in known for line in snapshot.lines):
        return snapshot
    return replace(
        snapshot,
        lines=tuple(
            replace(line, product_id=known[line.line_id])
            if line.product_id is None and line.line_id in known
            else line
            for line in snapshot.lines
        ),
    )


def snapshot_from_json(stored: Mapping[str, Any]) -> OrderSnapshot:
    """Return the snapshot that was stored as JSON, its datetimes as ISO 8601 text."""
    values = dict(stored)
    for name in ("created_at", "processed_at", "updated_at", "cancelled_at", "told_paid_at"):
        told = values.get(name)
        values[name] = datetime.fromisoformat(told) if told else None
    values["lines"] = tuple(OrderLine(**line) for line in values["lines"])
    values["refunds"] = tuple(refund_from_json(refund) for refund in values["refunds"])
    values["discount_codes"] = tuple(values["discount_codes"])
    return OrderSnapshot(**values)


def refund_from_json(stored: Mapping[str, Any]) -> Refund:
    """Return the refund that was stored as JSON."""
    values = dict(stored)
    values["created_at"] = datetime.fromisoformat(values["created_at"])
    values["line_quantities"] = tuple(
        (line_id, quantity) for line_id, quantity in values["line_quantities"]
    )
    return Refund(**values)


def with_refunds(snapshot: OrderSnapshot, refunds: Iterable[Refund]) -> OrderSnapshot:
    """Return the order with the refunds that this state of it does not know of yet."""
    known = {refund.refund_id for refund in snapshot.refunds}
    missing = [refund for refund in refunds if refund.refund_id not in known]
    if not missing:
        return snapshot
    sent_back: Counter[int] = Counter()
    for refund in missing:
        for line_id, quantity in refund.line_quantities:
            sent_back[line_id] += quantity
    lines = tuple(
        replace(line, current_quantity=max(line.current_quantity - sent_back[line.line_id], 0))
        if sent_back[line.line_id]
        else line
        for line in snapshot.lines
    )
    return replace(snapshot, lines=lines, refunds=(*snapshot.refunds, *missing))
