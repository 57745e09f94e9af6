"""Products, variants and collections as the Admin API shows them."""

from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.store.collections import Collection
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
        "collections": list_connection([collection_view(each) for each in product.collections]),
        "inCollection": lambda _info, id: any(each.gid == id for each in product.collections),
    }


def collection_view(collection: Collection) -> dict[str, Any]:
    """Return a Collection."""
    return {
        "__typename": "Collection",
        "id": collection.gid,
        "legacyResourceId": str(collection.id),
        "handle": collection.handle,
        "title": collection.title,
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
