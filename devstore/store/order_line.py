"""The lines of an order: goods, tips and shipping, with their discounts, taxes and duties."""

from dataclasses import dataclass

from devstore.store.money import rounded


@dataclass(frozen=True)
class TaxLine:
    """A tax on a line or a shipping line."""

    title: str
    rate_bp: int
    amount_minor: int


@dataclass(frozen=True)
class Duty:
    """What customs take for a line that crosses a border, for its original quantity."""

    id: int
    amount_minor: int
    harmonized_system_code: str = "0902.20"
    country_code_of_origin: str = "TH"


@dataclass(frozen=True)
class DiscountAllocation:
    """What one of the order's codes takes off a line; the index points into the applications: codes first."""

    amount_minor: int
    index: int


@dataclass(frozen=True)
class OrderLine:
    """One line; `current_quantity` is what refunds and edits have left of `quantity`.

    A tip is a line too, of no product and neither taxed nor sent.
    """

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
    duties: tuple[Duty, ...] = ()
    tip: bool = False

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
    def duty_minor(self) -> int:
        """All duties on the original quantity."""
        return sum(each.amount_minor for each in self.duties)

    @property
    def shipped(self) -> bool:
        """Whether it is sent by post, and taxed."""
        return not (self.gift_card or self.tip)

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
