"""One discount code as Shopify keeps it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CombinesWith:
    """Which classes of other discounts a code goes together with."""

    order: bool = False
    product: bool = False
    shipping: bool = False


@dataclass(frozen=True)
class Discount:
    """A discount code; `kind` is basic or free_shipping, an empty tuple means everyone or all."""

    id: int
    kind: str
    title: str
    code: str
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime
    percentage_bp: int | None = None
    amount_minor: int | None = None
    applies_on_each_item: bool = False
    product_ids: tuple[int, ...] = ()
    variant_ids: tuple[int, ...] = ()
    collection_ids: tuple[int, ...] = ()
    customer_ids: tuple[int, ...] = ()
    usage_limit: int | None = None
    once_per_customer: bool = False
    minimum_subtotal_minor: int | None = None
    minimum_quantity: int | None = None
    maximum_shipping_minor: int | None = None
    combines_with: CombinesWith = CombinesWith()
    usage_count: int = 0

    @property
    def gid(self) -> str:
        """The discount's global id."""
        return f"gid://shopify/DiscountCodeNode/{self.id}"

    @property
    def discount_class(self) -> str:
        """ORDER, PRODUCT or SHIPPING."""
        if self.kind == "free_shipping":
            return "SHIPPING"
        some = self.product_ids or self.variant_ids or self.collection_ids
        return "PRODUCT" if some else "ORDER"

    def status(self, now: datetime) -> str:
        """ACTIVE, EXPIRED or SCHEDULED."""
        if self.ends_at is not None and self.ends_at <= now:
            return "EXPIRED"
        return "SCHEDULED" if self.starts_at > now else "ACTIVE"
