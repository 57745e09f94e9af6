"""The products and collections that App Bridge's resource picker offers."""

from devstore.services import Services
from devstore.store.collections import COLLECTIONS
from devstore.store.money import to_decimal_string
from devstore.store.products import Product, Variant
from devstore.storefront.shop_money import currency_symbol


def product_choices(services: Services) -> list[dict[str, object]]:
    """Return every product as the picker's `selection` describes it."""
    currency = services.store.shop.currency
    return [_product(product, currency) for product in services.store.products.all()]


def collection_choices() -> list[dict[str, object]]:
    """Return every collection as the picker's `selection` describes it."""
    return [{"id": each.gid, "handle": each.handle, "title": each.title} for each in COLLECTIONS]


def _product(product: Product, currency: str) -> dict[str, object]:
    return {
        "id": product.gid,
        "handle": product.handle,
        "title": product.title.en,
        "vendor": product.vendor,
        "tags": list(product.tags),
        "status": "ACTIVE",
        "totalVariants": len(product.variants),
        "hasOnlyDefaultVariant": len(product.variants) == 1,
        "variants": [_variant(product, variant, currency) for variant in product.variants],
    }


def _variant(product: Product, variant: Variant, currency: str) -> dict[str, object]:
    price = to_decimal_string(variant.price_minor, currency)
    return {
        "id": variant.gid,
        "title": variant.title.en,
        "displayName": f"{product.title.en} - {variant.title.en}",
        "sku": variant.sku,
        "price": price,
        "displayPrice": f"{currency_symbol(currency)}{price}",
        "product": {"id": product.gid},
    }
