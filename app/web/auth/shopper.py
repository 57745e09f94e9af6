"""Which shopper is asking: named by Shopify's signature or token, never by the browser."""

import logging
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import NotFound, Unauthorized

from app.clock import utc_now, wall_now
from app.container import current_container
from app.db.queries.known_shops import ask_served, find_shop
from app.db.queries.members import ask_identity
from app.db.session import Tenant
from app.db.wire import Answer
from app.services.note_signed_in import note_signed_in
from app.shopify.id_tokens import TokenInvalid, read_shopper_token
from app.shopify.proxy_signature import SignatureInvalid, read_proxy_query

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperIdentity:
    """A shopper at a shop where the app works.

    `customer_id` is None for guests, `member_id` also for customers who have not joined.
    """

    shop_id: int
    program_id: int
    customer_id: int | None
    member_id: int | None


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
    known = current_container().known_tenants
    remembered = known.get(shop_domain)
    identity = _identity_at(remembered, shop_domain, customer_id) if remembered else None
    if identity is not None:
        return identity
    tenant = known[shop_domain] = _look_up(shop_domain)
    identity = _identity_at(tenant, shop_domain, customer_id)
    if identity is None:
        raise NotFound
    return identity


def _look_up(shop_domain: str) -> Tenant:
    with current_container().database.sweep() as session:
        shop = find_shop(session, shop_domain)
    if shop is None or not shop.installed:
        logger.warning("Extension request of a shop that did not install the app.")
        raise NotFound
    return Tenant(program_id=shop.program_id, shop_id=shop.id)


def _identity_at(
    tenant: Tenant, shop_domain: str, customer_id: int | None
) -> ShopperIdentity | None:
    """Return the shopper at a shop; None: it is not, or no longer, the one of this domain."""
    if tenant.shop_id is None or tenant.program_id is None:
        return None
    with current_container().database.ask(tenant) as trip:
        served = ask_served(trip, tenant.shop_id, tenant.program_id, shop_domain)
        identities = ask_identity(trip, tenant.shop_id, customer_id or 0)
    if not served.rows:
        return None
    return ShopperIdentity(
        shop_id=tenant.shop_id,
        program_id=tenant.program_id,
        customer_id=customer_id,
        member_id=_member_id(tenant, tenant.shop_id, customer_id, identities),
    )


def _member_id(
    tenant: Tenant, shop_id: int, customer_id: int | None, identities: Answer
) -> int | None:
    """Return the member that a customer is; the first time of being signed in is noted."""
    if customer_id is None or not identities.rows:
        return None
    member_id: int
    [(member_id, signed_in_at)] = identities.rows
    if signed_in_at is None:
        with current_container().database.tenant(tenant) as session:
            note_signed_in(session, shop_id=shop_id, customer_id=customer_id, now=utc_now())
    return member_id
