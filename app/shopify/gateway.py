"""Everything with which the app reaches Shopify, built once from the settings."""

from dataclasses import dataclass

from app.settings import Settings
from app.shopify.client import AdminApi
from app.shopify.tokens import TokenEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopify:
    """The Admin API and the token endpoint of every shop."""

    api: AdminApi
    tokens: TokenEndpoint


def connect_shopify(settings: Settings) -> Shopify:
    """Return the gateway; no connection is made before it is used."""
    return Shopify(api=AdminApi(settings.shopify_origin_template), tokens=TokenEndpoint(settings))
