"""What discount codes take off a cart, and why some are refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from devstore.store.discount import Discount
from devstore.store.money import rounded, share, to_decimal_string
from devstore.store.products import Product, Products, Variant


@dataclass(frozen=True)
class CartLine:
    """So many of one variant."""

    variant_id: int
    quantity: int


@dataclass(frozen=True)
class PricedLine:
    """A cart line with what it is and costs."""

    product: Product
    variant: Variant
    quantity: int

    @property
    def subtotal_minor(self) -> int:
        """Price times quantity, before discounts."""
        return self.variant.price_minor * self.quantity


@dataclass(frozen=True)
class AppliedDiscount:
    """What one code takes off: an amount for each line, in their order, and off the shipping."""

    discount: Discount
    line_amounts: tuple[int, ...]
    shipping_minor: int = 0

    @property
    def code(self) -> str:
        """The code as it was created."""
        return self.discount.code

    @property
    def amount_minor(self) -> int:
        """Everything the code takes off."""
        return sum(self.line_amounts) + self.shipping_minor


@dataclass(frozen=True)
class AppliedAutomatic:
    """Shipping that Shopify gives for free by itself."""

    discount_id: int
    title: str
    shipping_minor: int


@dataclass(frozen=True)
class Refusal:
    """A code that does not apply; `reason` is one word for code, `message` for people.

    Reasons: unknown, expired, not_started, usage_limit, customer, customer_used, minimum, items,
    shipping, combination.
    """

    code: str
    reason: str
    message: str


@dataclass(frozen=True)
class Evaluation:
    """A cart with its discounts worked out."""

    lines: tuple[PricedLine, ...]
    applied: tuple[AppliedDiscount, ...]
    refused: tuple[Refusal, ...]
    shipping_minor: int
    automatic: AppliedAutomatic | None = None

    @property
    def subtotal_minor(self) -> int:
        """The lines before discounts."""
        return sum(line.subtotal_minor for line in self.lines)

    @property
    def line_discounts(self) -> tuple[int, ...]:
        """What all codes together take off each line."""
        amounts = [applied.line_amounts for applied in self.applied]
        return tuple(sum(column) for column in zip(*amounts, strict=True)) or (0,) * len(self.lines)

    @property
    def discount_minor(self) -> int:
        """What all discounts together take off, shipping included."""
        given = self.automatic.shipping_minor if self.automatic else 0
        return sum(applied.amount_minor for applied in self.applied) + given

    @property
    def total_minor(self) -> int:
        """What is left to pay, before any tax that is added on top."""
        return self.subtotal_minor + self.shipping_minor - self.discount_minor


def price_lines(products: Products, lines: Sequence[CartLine]) -> tuple[PricedLine, ...]:
    """Look the lines up in the catalogue; an unknown variant raises UnknownVariant."""
    return tuple(PricedLine(*products.variant(line.variant_id), line.quantity) for line in lines)


def evaluate(
    lines: tuple[PricedLine, ...],
    discounts: Sequence[Discount],
    customer_id: int | None,
    used_before: frozenset[int],
    now: datetime,
    shipping_minor: int,
    currency: str,
) -> Evaluation:
    """Apply the codes that may be used: products first, then the order, then shipping.

    Of two codes that do not combine the one that takes off more is kept, as Shopify does.
    """
    usable: list[Discount] = []
    refused: list[Refusal] = []
    for discount in discounts:
        refusal = _refusal(discount, lines, customer_id, used_before, now, currency)
        if refusal is None:
            usable.append(discount)
        else:
            refused.append(refusal)
    kept, dropped = _combinable(usable, lines, shipping_minor)
    refused += [
        Refusal(each.code, "combination", f"{each.code} can't be used with your other discounts")
        for each in dropped
    ]
    applied = _apply(kept, lines, shipping_minor)
    for each in applied:
        if each.discount.kind == "free_shipping" and each.shipping_minor == 0 and shipping_minor:
            message = f"{each.code} isn't valid for the shipping method you chose"
            refused.append(Refusal(each.code, "shipping", message))
    return Evaluation(lines, tuple(applied), tuple(refused), shipping_minor)


def _refusal(
    discount: Discount,
    lines: tuple[PricedLine, ...],
    customer_id: int | None,
    used_before: frozenset[int],
    now: datetime,
    currency: str,
) -> Refusal | None:
    code = discount.code
    for refusal in (
        _refused_by_time(discount, now),
        _refused_by_customer(discount, customer_id, used_before),
    ):
        if refusal is not None:
            return refusal
    entitled = [line for line in lines if entitles(discount, line)]
    if not entitled:
        return Refusal(code, "items", f"{code} isn't valid for the items in your cart")
    subtotal = sum(line.subtotal_minor for line in entitled)
    if subtotal < (discount.minimum_subtotal_minor or 0):
        least = to_decimal_string(discount.minimum_subtotal_minor or 0, currency)
        return Refusal(code, "minimum", f"Spend at least {currency} {least} to use {code}")
    if sum(line.quantity for line in entitled) < (discount.minimum_quantity or 0):
        message = f"Add at least {discount.minimum_quantity} items to use {code}"
        return Refusal(code, "minimum", message)
    return None


def _refused_by_time(discount: Discount, now: datetime) -> Refusal | None:
    code = discount.code
    if discount.starts_at > now:
        return Refusal(code, "not_started", f"{code} isn't active yet")
    if discount.ends_at is not None and discount.ends_at <= now:
        return Refusal(code, "expired", f"{code} has expired")
    if discount.usage_limit is not None and discount.usage_count >= discount.usage_limit:
        return Refusal(code, "usage_limit", f"{code} has reached its usage limit")
    return None


def _refused_by_customer(
    discount: Discount, customer_id: int | None, used_before: frozenset[int]
) -> Refusal | None:
    code = discount.code
    if discount.customer_ids and customer_id not in discount.customer_ids:
        return Refusal(code, "customer", f"{code} isn't available to you right now")
    if discount.once_per_customer and discount.id in used_before:
        return Refusal(code, "customer_used", f"You've already used {code}")
    return None


def entitles(discount: Discount, line: PricedLine) -> bool:
    """Whether a discount is for this line; gift cards are never discounted."""
    if line.product.gift_card:
        return False
    if discount.discount_class != "PRODUCT":
        return True
    return (
        line.product.id in discount.product_ids
        or line.variant.id in discount.variant_ids
        or any(each.id in discount.collection_ids for each in line.product.collections)
    )


def combine(one: Discount, other: Discount) -> bool:
    """Whether two discounts may be used together; two for shipping never."""
    if one.discount_class == other.discount_class == "SHIPPING":
        return False
    return _allows(one, other) and _allows(other, one)


def _allows(one: Discount, other: Discount) -> bool:
    allowed = one.combines_with
    return {"ORDER": allowed.order, "PRODUCT": allowed.product, "SHIPPING": allowed.shipping}[
        other.discount_class
    ]


def _combinable(
    usable: list[Discount], lines: tuple[PricedLine, ...], shipping_minor: int
) -> tuple[list[Discount], list[Discount]]:
    def worth(discount: Discount) -> int:
        return _apply([discount], lines, shipping_minor)[0].amount_minor

    kept: list[Discount] = []
    dropped: list[Discount] = []
    for discount in sorted(usable, key=worth, reverse=True):
        together = all(combine(discount, other) for other in kept)
        (kept if together else dropped).append(discount)
    return [each for each in usable if each in kept], dropped


_TURN = {"PRODUCT": 0, "ORDER": 1, "SHIPPING": 2}


def _apply(
    discounts: Sequence[Discount], lines: tuple[PricedLine, ...], shipping_minor: int
) -> list[AppliedDiscount]:
    left = [line.subtotal_minor for line in lines]
    applied = []
    for discount in sorted(discounts, key=lambda each: _TURN[each.discount_class]):
        if discount.kind == "free_shipping":
            off = shipping_minor if _ships_free(discount, shipping_minor) else 0
            applied.append(AppliedDiscount(discount, (0,) * len(lines), off))
            continue
        amounts = _line_amounts(discount, lines, left)
        left = [before - amount for before, amount in zip(left, amounts, strict=True)]
        applied.append(AppliedDiscount(discount, tuple(amounts)))
    return applied


def _ships_free(discount: Discount, shipping_minor: int) -> bool:
    most = discount.maximum_shipping_minor
    return most is None or shipping_minor <= most


def _line_amounts(discount: Discount, lines: tuple[PricedLine, ...], left: list[int]) -> list[int]:
    base = [
        amount if entitles(discount, line) else 0 for line, amount in zip(lines, left, strict=True)
    ]
    if discount.percentage_bp is not None:
        return share(rounded(sum(base) * discount.percentage_bp, 10_000), base)
    amount = discount.amount_minor or 0
    if discount.applies_on_each_item:
        return [min(whole, amount * line.quantity) for whole, line in zip(base, lines, strict=True)]
    return share(min(amount, sum(base)), base)
