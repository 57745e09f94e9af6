"""Which shopper is asking: named by Shopify's signature or token, never by the browser."""

import logging
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import NotFound, Unauthorized

from app.clock import wall_now
from app.container import current_container
from app.db.queries.known_shops import find_shop
from app.shopify.id_tokens import TokenInvalid, read_shopper_token
from app.shopify.proxy_signature import SignatureInvalid, read_proxy_query

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperIdentity:
    """A shopper at a shop where the app works; `customer_id` is None for guests."""

    shop_id: int
    program_id: int
    customer_id: int | None


def shopper_of_proxy() -> ShopperIdentity:
    """Return who asks through the app proxy; raise Unauthorized, or NotFound for foreign shops."""
    settings = current_container().settings
    try:
        caller = read_proxy_query(request.query_string.decode("latin-1"), settings, wall_now())
    except SignatureInvalid as invalid:
        logger.warning("Proxy request refused: %s.", invalid.reason)
        raise Unauthorized from invalid
    return _identity(caller.shop_domain, caller.customer_id)


def shopper_of_session_token() -> ShopperIdentity:
    """Return whom the extension's Bearer token names; raise Unauthorized or NotFound."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        read = read_shopper_token(token if scheme == "Bearer" else "", current_container().settings)
    except TokenInvalid as invalid:
        logger.warning("Extension request refused: %s.", invalid.reason)
        raise Unauthorized from invalid
    return _identity(read.shop_domain, read.customer_id)


def _identity(shop_domain: str, customer_id: int | None) -> ShopperIdentity:
    with current_container().database.sweep() as session:
        shop = find_shop(session, shop_domain)
    if shop is None or not shop.installed:
        logger.warning("Extension request of a shop that did not install the app.")
        raise NotFound
    return ShopperIdentity(shop_id=shop.id, program_id=shop.program_id, customer_id=customer_id)
