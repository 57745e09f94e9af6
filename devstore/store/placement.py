"""Builds an order from a cart: discounts, taxes and duties worked out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from devstore.store.evaluation import AppliedDiscount, Evaluation
from devstore.store.money import rounded, to_decimal_string
from devstore.store.order_line import (
    DiscountAllocation,
    Duty,
    OrderLine,
    ShippingLine,
    TaxLine,
    UsedCode,
)
from devstore.store.paying import NewId
from devstore.store.shop import Shop


@dataclass(frozen=True)
class Shipping:
    """A way of sending an order and what it costs."""

    title: str
    price_minor: int


def tax_lines(shop: Shop, amount_minor: int) -> tuple[TaxLine, ...]:
    """Return the tax on (or inside) an amount, rounded half up; none in a shop without tax."""
    if shop.tax_bp == 0:
        return ()
    base = 10_000 + shop.tax_bp if shop.taxes_included else 10_000
    tax_minor = rounded(amount_minor * shop.tax_bp, base)
    return (TaxLine("VAT", shop.tax_bp, tax_minor),)


def order_lines(
    shop: Shop, cart: Evaluation, new_id: NewId, duty_bp: int = 0
) -> tuple[OrderLine, ...]:
    """Return the order's lines with their discounts, taxes and duties."""
    lines = (_order_line(shop, cart, place, new_id) for place in range(len(cart.lines)))
    return tuple(_with_duty(line, duty_bp, new_id) for line in lines)


def tip_line(amount_minor: int, new_id: NewId) -> OrderLine:
    """Return the line that a tip is."""
    return OrderLine(
        id=new_id("line"),
        product_id=None,
        variant_id=None,
        title="Tip",
        variant_title=None,
        sku=None,
        quantity=1,
        current_quantity=1,
        price_minor=amount_minor,
        tip=True,
    )


def _with_duty(line: OrderLine, duty_bp: int, new_id: NewId) -> OrderLine:
    amount_minor = rounded(line.discounted_minor * duty_bp, 10_000)
    if not amount_minor or not line.shipped:
        return line
    return replace(line, duties=(Duty(new_id("duty"), amount_minor),))


def _order_line(shop: Shop, cart: Evaluation, place: int, new_id: NewId) -> OrderLine:
    priced = cart.lines[place]
    allocations = tuple(
        DiscountAllocation(applied.line_amounts[place], index)
        for index, applied in enumerate(cart.applied)
        if applied.line_amounts[place]
    )
    line = OrderLine(
        id=new_id("line"),
        product_id=priced.product.id,
        variant_id=priced.variant.id,
        title=priced.product.title.en,
        variant_title=priced.variant.title.en,
        sku=priced.variant.sku,
        quantity=priced.quantity,
        current_quantity=priced.quantity,
        price_minor=priced.variant.price_minor,
        gift_card=priced.product.gift_card,
        grams=priced.variant.grams,
        allocations=allocations,
    )
    taxes = () if line.gift_card else tax_lines(shop, line.discounted_minor)
    return replace(line, taxes=taxes)


def shipping_lines(
    shop: Shop, shipping: Shipping | None, cart: Evaluation | None, new_id: NewId
) -> tuple[ShippingLine, ...]:
    """Return the order's shipping line, if it is sent at all."""
    if shipping is None:
        return ()
    applied = () if cart is None else cart.applied
    off = [(index, each.shipping_minor) for index, each in enumerate(applied)]
    if cart is not None and cart.automatic is not None:
        off.append((len(applied), cart.automatic.shipping_minor))
    off = [(index, amount) for index, amount in off if amount]
    code_index, discount_minor = off[0] if off else (None, 0)
    taxes = tax_lines(shop, shipping.price_minor - discount_minor)
    line_id = new_id("shipping")
    return (
        ShippingLine(
            line_id, shipping.title, shipping.price_minor, discount_minor, code_index, taxes
        ),
    )


def used_codes(applied: Sequence[AppliedDiscount], currency: str) -> tuple[UsedCode, ...]:
    """Return the codes the order used, as its payload will list them."""
    return tuple(UsedCode(each.code, *_kind_and_value(each, currency)) for each in applied)


def _kind_and_value(applied: AppliedDiscount, currency: str) -> tuple[str, int, str]:
    discount = applied.discount
    if discount.kind == "free_shipping":
        return "shipping", applied.amount_minor, "100.0"
    if discount.percentage_bp is not None:
        return "percentage", applied.amount_minor, f"{discount.percentage_bp / 100:.1f}"
    value = to_decimal_string(discount.amount_minor or 0, currency)
    return "fixed_amount", applied.amount_minor, value
