"""The shop and the app's installation as the Admin API shows them."""

from datetime import UTC, datetime
from typing import Any

from devstore.admin_api.metafield_view import metafield_resolver, metafields_resolver
from devstore.admin_api.values import moment
from devstore.store.shop import APP_ID
from devstore.store.store import Store

View = dict[str, Any]
LANGUAGES = {"en": "English", "th": "Thai"}


def shop_view(store: Store) -> View:
    """Return the Shop."""
    shop = store.shop
    url = f"https://{shop.domain}"
    offset = datetime.now(UTC).astimezone(shop.zone).utcoffset()
    return {
        "__typename": "Shop",
        "id": shop.gid,
        "name": shop.name,
        "email": shop.email,
        "myshopifyDomain": shop.domain,
        "currencyCode": shop.currency,
        "ianaTimezone": shop.timezone,
        "timezoneOffsetMinutes": int(offset.total_seconds()) // 60 if offset else 0,
        "primaryDomain": {
            "__typename": "Domain",
            "id": f"gid://shopify/Domain/{shop.id}",
            "host": shop.domain,
            "url": url,
            "sslEnabled": True,
        },
        "plan": {
            "publicDisplayName": shop.plan,
            "shopifyPlus": shop.plan == "Plus",
            "partnerDevelopment": False,
        },
        "url": url,
        "taxesIncluded": shop.taxes_included,
        "customerAccountsV2": {
            "customerAccountsVersion": (
                "CLASSIC" if shop.classic_accounts else "NEW_CUSTOMER_ACCOUNTS"
            ),
            "loginRequiredAtCheckout": shop.login_required,
        },
        "createdAt": moment(shop.created_at),
        "metafield": metafield_resolver(store, shop.gid),
    }


def installation_view(store: Store) -> View:
    """Return the AppInstallation."""
    gid = store.shop.installation_gid
    return {
        "__typename": "AppInstallation",
        "id": gid,
        "app": {
            "__typename": "App",
            "id": f"gid://shopify/App/{APP_ID}",
            "title": "Regulars",
            "handle": "regulars",
            "apiKey": store.tokens.client_id,
        },
        "accessScopes": [
            {"handle": scope, "description": scope.replace("_", " ").capitalize()}
            for scope in store.installation.scopes
        ],
        "metafield": metafield_resolver(store, gid),
        "metafields": metafields_resolver(store, gid),
    }


def locale_views(store: Store, published: bool) -> list[View]:
    """Return the shop's locales, all of which are published."""
    del published
    return [
        {
            "locale": locale,
            "name": LANGUAGES[locale],
            "primary": place == 0,
            "published": True,
        }
        for place, locale in enumerate(store.shop.locales)
    ]
