"""Products and variants as the Admin API shows them."""

from typing import Any

from devstore.store.money import to_decimal_string
from devstore.store.products import Product, Variant


def product_view(product: Product) -> dict[str, Any]:
    """Return a Product."""
    return {
        "__typename": "Product",
        "id": product.gid,
        "legacyResourceId": str(product.id),
        "handle": product.handle,
        "title": product.title.en,
        "vendor": product.vendor,
        "productType": product.kind.replace("_", " ").title(),
        "tags": list(product.tags),
        "isGiftCard": product.gift_card,
    }


def variant_view(product: Product, variant: Variant, currency: str) -> dict[str, Any]:
    """Return a ProductVariant."""
    return {
        "__typename": "ProductVariant",
        "id": variant.gid,
        "legacyResourceId": str(variant.id),
        "title": variant.title.en,
        "displayName": f"{product.title.en} - {variant.title.en}",
        "sku": variant.sku,
        "price": to_decimal_string(variant.price_minor, currency),
        "product": product_view(product),
    }
