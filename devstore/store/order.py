"""One order: lines, discounts, taxes, refunds, payments, and what follows from them."""

from dataclasses import dataclass
from datetime import datetime

from devstore.store.companies import Company
from devstore.store.money import converted
from devstore.store.order_line import OrderLine, ShippingLine, UsedCode
from devstore.store.order_money import Refund, Return, Transaction


@dataclass(frozen=True)
class Order:
    """One order; its money is the shop's, also where the customer paid in another currency.

    `presentment_rate` is how much of the customer's currency one of the shop's buys, as text.
    """

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
    returns: tuple[Return, ...] = ()
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
    closed_at: datetime | None = None
    location_id: int | None = None
    presentment_currency: str | None = None
    presentment_rate: str = "1"
    automatic_discount: str | None = None
    """The title of what Shopify gave by itself; it comes after the codes in the applications."""
    company: Company | None = None
    """For whom the customer bought, if not for themselves."""
    first_total_minor: int | None = None
    """What it cost before it was edited; None as long as it was not."""

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
        """The goods as ordered, after discounts."""
        return sum(line.discounted_minor for line in self.lines if not line.tip)

    @property
    def current_subtotal_minor(self) -> int:
        """The goods as they now stand, after discounts."""
        return sum(line.current_minor for line in self.lines if not line.tip)

    @property
    def line_items_minor(self) -> int:
        """The goods as ordered, before discounts."""
        return sum(line.price_minor * line.quantity for line in self.lines if not line.tip)

    @property
    def tip_minor(self) -> int:
        """What was given on top."""
        return sum(line.discounted_minor for line in self.lines if line.tip)

    @property
    def current_tip_minor(self) -> int:
        """What is left of the tip."""
        return sum(line.current_minor for line in self.lines if line.tip)

    @property
    def duty_minor(self) -> int:
        """All duties as ordered."""
        return sum(line.duty_minor for line in self.lines)

    @property
    def current_duty_minor(self) -> int:
        """Duties as the order now stands."""
        return sum(line.part(line.duty_minor, line.current_quantity) for line in self.lines)

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
        return self.subtotal_minor + self.shipping_minor + added + self.duty_minor + self.tip_minor

    @property
    def original_total_minor(self) -> int:
        """What the order cost when it was placed, before any edit."""
        return self.total_minor if self.first_total_minor is None else self.first_total_minor

    @property
    def current_total_minor(self) -> int:
        """What the order as it now stands costs."""
        added = 0 if self.taxes_included else self.current_tax_minor
        goods = self.current_subtotal_minor + self.current_duty_minor + self.current_tip_minor
        return goods + self.current_shipping_minor + added

    @property
    def current_shipping_minor(self) -> int:
        """What shipping costs, less what of it was given back."""
        return self.shipping_minor - sum(refund.shipping_minor for refund in self.refunds)

    @property
    def paid_minor(self) -> int:
        """Everything paid in."""
        return self._moved("sale", "capture")

    @property
    def authorized_minor(self) -> int:
        """What may still be captured."""
        return self._moved("authorization") - self._moved("capture") - self._moved("void")

    @property
    def refunded_minor(self) -> int:
        """Everything paid out again, on its way or not."""
        return self._moved("refund")

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
        """Shopify's word for how far it is paid: pending, authorized, paid, refunded and so on."""
        if self.refunded_minor:
            whole = self.refunded_minor >= self.paid_minor
            return "refunded" if whole else "partially_refunded"
        if self.paid_minor == 0 and self.total_minor > 0:
            return self._unpaid_status()
        return "partially_paid" if self.outstanding_minor else "paid"

    @property
    def fulfillment_status(self) -> str | None:
        """None, or fulfilled."""
        return None if self.fulfilled_at is None else "fulfilled"

    @property
    def charged_currency(self) -> str:
        """The currency that the customer saw and paid in."""
        return self.presentment_currency or self.currency

    def presentment(self, amount_minor: int) -> int:
        """Return an amount of the shop's currency in the customer's, rounded half up."""
        if self.presentment_currency is None:
            return amount_minor
        return converted(
            amount_minor, self.currency, self.presentment_currency, self.presentment_rate
        )

    def line(self, line_id: int) -> OrderLine:
        """Return the line with this id, or raise KeyError."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)

    def _moved(self, *kinds: str) -> int:
        return sum(each.amount_minor for each in self.transactions if each.kind in kinds)

    def _unpaid_status(self) -> str:
        if self.cancelled_at is not None or self._moved("void"):
            return "voided"
        return "authorized" if self.authorized_minor else "pending"
