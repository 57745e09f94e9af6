"""An order as the rules see it: the newest known state, in integers of the shop's currency."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund: what was sent back by line and what was paid back without lines."""

    refund_id: int
    created_at: datetime
    line_quantities: tuple[tuple[int, int], ...] = ()
    """(line_id, quantity) pairs."""
    amount_minor: int = 0
    """Money given back for merchandise beyond the lines: refunds of an amount without lines."""
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
