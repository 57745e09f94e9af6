"""The cart as Shopify's Ajax API writes it; money in hundredths."""

from typing import Any

from devstore.store.evaluation import Evaluation, PricedLine
from devstore.store.shop import Shop
from devstore.storefront.cart_cookie import Cart, CartItem
from devstore.storefront.cart_pricing import applied_by_code
from devstore.storefront.shop_money import to_storefront_units

Json = dict[str, Any]


def cart_json(shop: Shop, cart: Cart, priced: Evaluation, locale: str) -> Json:
    """Return what `/cart.js` answers."""
    items = line_items(shop, cart, priced, locale)
    original = sum(item["original_line_price"] for item in items)
    discount = _units(shop, sum(priced.line_discounts))
    return {
        "token": cart.token,
        "note": cart.note,
        "attributes": cart.attributes,
        "original_total_price": original,
        "total_price": original - discount,
        "total_discount": discount,
        "total_weight": sum(item["grams"] * item["quantity"] for item in items),
        "item_count": sum(item["quantity"] for item in items),
        "items": items,
        "requires_shipping": any(item["requires_shipping"] for item in items),
        "currency": shop.currency,
        "items_subtotal_price": original,
        "cart_level_discount_applications": _applications(shop, priced),
        "discount_codes": _discount_codes(cart, priced),
    }


def line_items(shop: Shop, cart: Cart, priced: Evaluation, locale: str) -> list[Json]:
    """Return the cart's lines, in its order."""
    by_variant = {item.variant_id: item for item in cart.items}
    return [_item(shop, by_variant[line.variant.id], line, locale) for line in priced.lines]


def _item(shop: Shop, item: CartItem, line: PricedLine, locale: str) -> Json:
    product, variant = line.product, line.variant
    price = _units(shop, variant.price_minor)
    title = product.title.in_locale(locale)
    variant_title = variant.title.in_locale(locale)
    only_variant = len(product.variants) == 1
    return {
        "id": variant.id,
        "key": item.key,
        "variant_id": variant.id,
        "product_id": product.id,
        "title": title if only_variant else f"{title} - {variant_title}",
        "product_title": title,
        "variant_title": None if only_variant else variant_title,
        "variant_options": [variant_title],
        "options_with_values": [{"name": "Size", "value": variant_title}],
        "product_has_only_default_variant": only_variant,
        "product_description": product.description.in_locale(locale),
        "product_type": product.kind,
        "handle": product.handle,
        "url": f"/products/{product.handle}?variant={variant.id}",
        "sku": variant.sku,
        "vendor": product.vendor,
        "grams": variant.grams,
        "quantity": line.quantity,
        "properties": {},
        "taxable": not product.gift_card,
        "gift_card": product.gift_card,
        "requires_shipping": product.requires_shipping,
        "image": None,
        "price": price,
        "original_price": price,
        "presentment_price": price / 100,
        "discounted_price": price,
        "final_price": price,
        "line_price": price * line.quantity,
        "original_line_price": price * line.quantity,
        "final_line_price": price * line.quantity,
        # Order-wide codes stand at the cart's level, not at a line's.
        "total_discount": 0,
        "discounts": [],
        "line_level_discount_allocations": [],
        "line_level_total_discount": 0,
        "has_components": False,
    }


def _applications(shop: Shop, priced: Evaluation) -> list[Json]:
    return [
        {
            "type": "discount_code",
            "key": str(use.discount.id),
            "title": use.code,
            "description": use.discount.title,
            "value": _value(shop, use.discount.percentage_bp, sum(use.line_amounts)),
            "value_type": "fixed_amount" if use.discount.percentage_bp is None else "percentage",
            "created_at": use.discount.created_at.isoformat(),
            "allocation_method": "across",
            "target_selection": "all" if use.discount.discount_class == "ORDER" else "entitled",
            "target_type": "line_item",
            "total_allocated_amount": _units(shop, sum(use.line_amounts)),
        }
        for use in applied_by_code(priced).values()
        if use.discount.kind != "free_shipping"
    ]


def _value(shop: Shop, percentage_bp: int | None, amount_minor: int) -> str:
    hundredths = _units(shop, amount_minor) if percentage_bp is None else percentage_bp
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _discount_codes(cart: Cart, priced: Evaluation) -> list[Json]:
    applied = applied_by_code(priced)
    return [{"code": code, "applicable": code.lower() in applied} for code in cart.codes]


def _units(shop: Shop, amount_minor: int) -> int:
    return to_storefront_units(amount_minor, shop.currency)
