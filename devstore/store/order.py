"""One order: lines, discounts, taxes, refunds, payments, and what follows from them."""

from dataclasses import dataclass
from datetime import datetime

from devstore.store.money import rounded


@dataclass(frozen=True)
class TaxLine:
    """A tax on a line or a shipping line."""

    title: str
    rate_bp: int
    amount_minor: int


@dataclass(frozen=True)
class DiscountAllocation:
    """What one of the order's codes takes off a line; the index points into discount_codes."""

    amount_minor: int
    index: int


@dataclass(frozen=True)
class OrderLine:
    """One line; `current_quantity` is what refunds and edits have left of `quantity`."""

    id: int
    product_id: int | None
    variant_id: int | None
    title: str
    variant_title: str | None
    sku: str | None
    quantity: int
    current_quantity: int
    price_minor: int
    gift_card: bool = False
    grams: int = 0
    allocations: tuple[DiscountAllocation, ...] = ()
    taxes: tuple[TaxLine, ...] = ()

    @property
    def gid(self) -> str:
        """The line's global id."""
        return f"gid://shopify/LineItem/{self.id}"

    @property
    def discount_minor(self) -> int:
        """All discounts on the original quantity."""
        return sum(each.amount_minor for each in self.allocations)

    @property
    def tax_minor(self) -> int:
        """All taxes on the original quantity."""
        return sum(each.amount_minor for each in self.taxes)

    @property
    def discounted_minor(self) -> int:
        """What the original quantity costs after discounts."""
        return self.price_minor * self.quantity - self.discount_minor

    def part(self, amount_minor: int, quantity: int) -> int:
        """Return the share of an amount for `quantity` of the original, rounded half up."""
        return rounded(amount_minor * quantity, self.quantity) if self.quantity else 0

    @property
    def current_minor(self) -> int:
        """What the current quantity costs after discounts."""
        return self.part(self.discounted_minor, self.current_quantity)


@dataclass(frozen=True)
class ShippingLine:
    """How the order is sent."""

    id: int
    title: str
    price_minor: int
    discount_minor: int = 0
    code_index: int | None = None
    taxes: tuple[TaxLine, ...] = ()

    @property
    def discounted_minor(self) -> int:
        """What shipping costs after discounts."""
        return self.price_minor - self.discount_minor


@dataclass(frozen=True)
class UsedCode:
    """A code the order used; `kind` is fixed_amount, percentage or shipping."""

    code: str
    kind: str
    amount_minor: int
    value: str = "0.0"


@dataclass(frozen=True)
class RefundLine:
    """So many units of an order's line given back; the subtotal is after discounts."""

    id: int
    line_id: int
    quantity: int
    subtotal_minor: int
    tax_minor: int
    restock: bool


@dataclass(frozen=True)
class Refund:
    """Money or goods given back.

    `amount_minor` is what was paid out, `adjustment_minor` how much that is above (or below) what
    the returned lines and shipping cost.
    """

    id: int
    created_at: datetime
    amount_minor: int
    lines: tuple[RefundLine, ...] = ()
    shipping_minor: int = 0
    adjustment_minor: int = 0
    note: str | None = None

    @property
    def gid(self) -> str:
        """The refund's global id."""
        return f"gid://shopify/Refund/{self.id}"


@dataclass(frozen=True)
class Transaction:
    """A payment (`sale`) or a payout (`refund`)."""

    id: int
    kind: str
    amount_minor: int
    created_at: datetime
    gateway: str = "bogus"
    refund_id: int | None = None


@dataclass(frozen=True)
class Order:
    """One order in the shop's currency."""

    id: int
    number: int
    customer_id: int | None
    email: str | None
    currency: str
    lines: tuple[OrderLine, ...]
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    shipping_lines: tuple[ShippingLine, ...] = ()
    discount_codes: tuple[UsedCode, ...] = ()
    refunds: tuple[Refund, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    taxes_included: bool = True
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    fulfilled_at: datetime | None = None
    edited_at: datetime | None = None
    test: bool = False
    source_name: str = "web"
    note: str | None = None
    tags: tuple[str, ...] = ()
    locale: str = "en"
    tip_minor: int = 0

    @property
    def gid(self) -> str:
        """The order's global id."""
        return f"gid://shopify/Order/{self.id}"

    @property
    def name(self) -> str:
        """The order's number as people say it: #1001."""
        return f"#{self.number}"

    @property
    def subtotal_minor(self) -> int:
        """The lines as ordered, after discounts."""
        return sum(line.discounted_minor for line in self.lines)

    @property
    def current_subtotal_minor(self) -> int:
        """The lines as they now stand, after discounts."""
        return sum(line.current_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        """Everything the codes took off."""
        return sum(line.discount_minor for line in self.lines) + sum(
            line.discount_minor for line in self.shipping_lines
        )

    @property
    def current_discount_minor(self) -> int:
        """What the codes take off the order as it now stands."""
        lines = sum(line.part(line.discount_minor, line.current_quantity) for line in self.lines)
        return lines + sum(line.discount_minor for line in self.shipping_lines)

    @property
    def shipping_minor(self) -> int:
        """What shipping costs after discounts."""
        return sum(line.discounted_minor for line in self.shipping_lines)

    @property
    def tax_minor(self) -> int:
        """All taxes as ordered."""
        return sum(line.tax_minor for line in self.lines) + self.shipping_tax_minor

    @property
    def current_tax_minor(self) -> int:
        """Taxes as the order now stands."""
        lines = sum(line.part(line.tax_minor, line.current_quantity) for line in self.lines)
        return lines + self.shipping_tax_minor

    @property
    def shipping_tax_minor(self) -> int:
        """Taxes on shipping."""
        return sum(tax.amount_minor for line in self.shipping_lines for tax in line.taxes)

    @property
    def total_minor(self) -> int:
        """What was to be paid when the order was placed."""
        added = 0 if self.taxes_included else self.tax_minor
        return self.subtotal_minor + self.shipping_minor + added + self.tip_minor

    @property
    def current_total_minor(self) -> int:
        """What the order as it now stands costs."""
        added = 0 if self.taxes_included else self.current_tax_minor
        refunded_shipping = sum(refund.shipping_minor for refund in self.refunds)
        shipping = self.shipping_minor - refunded_shipping
        return self.current_subtotal_minor + shipping + added + self.tip_minor

    @property
    def paid_minor(self) -> int:
        """Everything paid in."""
        return sum(each.amount_minor for each in self.transactions if each.kind == "sale")

    @property
    def refunded_minor(self) -> int:
        """Everything paid out again."""
        return sum(each.amount_minor for each in self.transactions if each.kind == "refund")

    @property
    def outstanding_minor(self) -> int:
        """What is still to be paid, never below nothing."""
        if self.cancelled_at is not None:
            return 0
        forgone = sum(refund.adjustment_minor for refund in self.refunds)
        net_paid = self.paid_minor - self.refunded_minor
        return max(0, self.current_total_minor - forgone - net_paid)

    @property
    def financial_status(self) -> str:
        """Shopify's word: pending, partially_paid, paid, partially_refunded, refunded or voided."""
        if self.refunded_minor:
            whole = self.refunded_minor >= self.paid_minor
            return "refunded" if whole else "partially_refunded"
        if self.paid_minor == 0 and self.total_minor > 0:
            return "voided" if self.cancelled_at is not None else "pending"
        return "partially_paid" if self.outstanding_minor else "paid"

    @property
    def fulfillment_status(self) -> str | None:
        """None, or fulfilled."""
        return None if self.fulfilled_at is None else "fulfilled"

    def line(self, line_id: int) -> OrderLine:
        """Return the line with this id, or raise KeyError."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)
