"""The global objects that Liquid sees on a page of the shop."""

from collections.abc import Mapping
from typing import Any

from devstore.services import Services
from devstore.store.customers import Customer
from devstore.store.shop import Shop
from devstore.storefront.cart_json import Json
from devstore.storefront.metafield_drops import metafields_of
from devstore.storefront.shelf import ShownProduct
from devstore.storefront.shop_money import currency_symbol, money_format, to_storefront_units
from devstore.storefront.shopper_cookie import Shopper

LANGUAGES = {
    "en": {"iso_code": "en", "name": "English", "endonym_name": "English", "primary": True},
    "th": {"iso_code": "th", "name": "Thai", "endonym_name": "ไทย", "primary": False},
}
ROUTES = {
    "root_url": "/",
    "account_url": "/account",
    "account_login_url": "/account/login",
    "account_logout_url": "/account/logout",
    "account_register_url": "/account/register",
    "storefront_login_url": "/account/login",
    "cart_url": "/cart",
    "cart_add_url": "/cart/add",
    "cart_change_url": "/cart/change",
    "cart_update_url": "/cart/update",
    "cart_clear_url": "/cart/clear",
    "all_products_collection_url": "/",
}


class TemplateName(Mapping[str, object]):
    """The `template` object: prints its name, and has parts."""

    def __init__(self, name: str) -> None:
        self._parts = {"name": name, "directory": None, "suffix": None}

    def __getitem__(self, part: str) -> object:
        return self._parts[part]

    def __iter__(self) -> Any:  # noqa: ANN401
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __str__(self) -> str:
        return str(self._parts["name"])

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def global_objects(
    services: Services,
    shopper: Shopper,
    *,
    template: str,
    origin: str,
    path: str,
    cart: Json,
    product: ShownProduct | None,
) -> dict[str, object]:
    """Return every global object, for one page and one visitor."""
    store = services.store
    customer = store.customers.get(shopper.customer_id) if shopper.customer_id else None
    currency = store.shop.currency
    return {
        "shop": _shop(services, shopper.locale),
        "customer": None if customer is None else _customer(services, customer),
        "app": {"metafields": metafields_of(services, store.shop.installation_gid)},
        "request": _request(shopper.locale, origin, path, template),
        "localization": _localization(store.shop, shopper.locale),
        "routes": ROUTES,
        "settings": _theme_settings(shopper),
        "template": TemplateName(template),
        "cart": _cart(cart),
        "product": None if product is None else _product(product, currency),
        "page_title": product.title if product else store.shop.name,
    }


def _shop(services: Services, locale: str) -> Json:
    shop = services.store.shop
    return {
        "id": shop.id,
        "name": shop.name,
        "currency": shop.currency,
        "money_format": money_format(shop.currency),
        "money_with_currency_format": f"{money_format(shop.currency)} {shop.currency}",
        "permanent_domain": shop.domain,
        "domain": shop.domain,
        "url": f"https://{shop.domain}",
        "email": shop.email,
        "locale": locale,
        "enabled_currencies": [{"iso_code": shop.currency}],
        "published_locales": [LANGUAGES[code] for code in shop.locales if code in LANGUAGES],
        "customer_accounts_enabled": True,
        "metafields": metafields_of(services, shop.gid),
    }


def _customer(services: Services, customer: Customer) -> Json:
    return {
        "id": customer.id,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "name": customer.name,
        "email": customer.email,
        "tags": list(customer.tags),
        "has_account": True,
        "orders_count": services.store.orders.count(customer.id),
        "metafields": metafields_of(services, customer.gid),
    }


def _request(locale: str, origin: str, path: str, template: str) -> Json:
    return {
        "locale": LANGUAGES[locale] | {"root_url": "/"},
        "origin": origin,
        "host": origin.split("//")[-1],
        "path": path,
        "page_type": template,
        "design_mode": False,
        "visual_preview_mode": False,
    }


def _localization(shop: Shop, locale: str) -> Json:
    currency = {"iso_code": shop.currency, "symbol": currency_symbol(shop.currency).strip()}
    country = {"iso_code": shop.country_code, "name": shop.country_code, "currency": currency}
    return {
        "language": LANGUAGES[locale],
        "available_languages": list(LANGUAGES.values()),
        "country": country,
        "available_countries": [country],
    }


def _theme_settings(shopper: Shopper) -> Json:
    dark = shopper.look == "dark"
    return {
        "color_scheme": shopper.look,
        "colors_background": "#15201b" if dark else "#faf6ec",
        "colors_text": "#ece7d8" if dark else "#22332b",
        "corner_radius": shopper.corners,
    }


def _cart(cart: Json) -> Json:
    # Liquid has an object where the Ajax API has a code.
    currency = {"iso_code": cart.get("currency")}
    return {**cart, "currency": currency, "empty?": not cart["items"], "taxes_included": True}


def _product(product: ShownProduct, currency: str) -> Json:
    variants = [
        {
            "id": variant.id,
            "title": variant.title,
            "price": to_storefront_units(variant.price_minor, currency),
            "available": True,
        }
        for variant in product.variants
    ]
    return {
        "title": product.title,
        "handle": product.handle,
        "url": product.url,
        "type": product.kind,
        "description": product.description,
        "available": True,
        "price": to_storefront_units(product.price_minor, currency),
        "price_varies": product.price_varies,
        "variants": variants,
        "selected_or_first_available_variant": variants[0],
        "first_available_variant": variants[0],
        "gift_card?": product.kind == "gift_card",
    }
