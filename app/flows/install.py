"""Installs the app at a shop when a merchant opens it, or takes it up again."""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeGuard

from sqlalchemy.orm import Session

from app.clock import utc_now, wall_now
from app.container import Container
from app.db.ids import allocate_ids
from app.db.models import Shop
from app.db.queries.known_shops import KnownShop, find_shop
from app.db.session import Tenant, name_tenant
from app.flows.shop_access import store_tokens, vault_of
from app.flows.shop_lock import shop_lock
from app.services.create_program import create_program
from app.services.start_history_import import start_history_import
from app.shopify.client import ShopAccess
from app.shopify.errors import ShopifyUnavailable
from app.shopify.id_tokens import AdminToken
from app.shopify.shop_facts import ShopFacts, read_shop_facts
from app.shopify.tokens import TokenPair

logger = logging.getLogger(__name__)

Access = Literal["good", "lost", "uninstalled"]
"""Whether the app can ask Shopify for anything at this shop."""
INSTALL = "install"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedShop:
    """The shop that a merchant opened the app for."""

    shop_id: int
    program_id: int
    newly_installed: bool = False
    access: Access = "good"


def open_shop(parts: Container, token: AdminToken) -> OpenedShop:
    """Return the shop of a verified id token, installing the app there when need be.

    A shop that has usable tokens costs one look-up. Two merchants who open the app at once install
    it once. Raises IdTokenRefused when a fresh id token is needed. When Shopify cannot be asked,
    nothing is stored: a shop that is known opens without access, for an unknown one
    ShopifyUnavailable is raised.
    """
    known = _find(parts, token.shop_domain)
    if _is_usable(known):
        return OpenedShop(shop_id=known.id, program_id=known.program_id)
    with shop_lock(parts.database, token.shop_domain):
        known = _find(parts, token.shop_domain)
        if _is_usable(known):
            return OpenedShop(shop_id=known.id, program_id=known.program_id)
        try:
            return _install(parts, token, known)
        except ShopifyUnavailable as error:
            if known is None:
                raise
            logger.warning("Shop %s opens without access: %s", known.id, error)
            return OpenedShop(
                shop_id=known.id,
                program_id=known.program_id,
                access="lost" if known.installed else "uninstalled",
            )


def _install(parts: Container, token: AdminToken, known: KnownShop | None) -> OpenedShop:
    pair = parts.shopify.tokens.exchange(token)
    access = ShopAccess(domain=token.shop_domain, token=pair.access_token)
    facts = read_shop_facts(partial(parts.shopify.api.run, access))
    if known is None:
        opened = _create(parts, token.shop_domain, facts, pair)
    else:
        opened = _take_up_again(parts, known, facts, pair)
    logger.info("Installed at shop %s (%s).", opened.shop_id, token.shop_domain)
    return opened


def _create(parts: Container, domain: str, facts: ShopFacts, pair: TokenPair) -> OpenedShop:
    with parts.database.tenant(Tenant()) as session:
        program_id = create_program(
            session,
            name=f"{facts.name} Rewards",
            currency=facts.currency,
            iana_timezone=facts.iana_timezone,
            now=utc_now(),
        )
        (shop_id,) = allocate_ids(session, Shop, 1)
        name_tenant(session, Tenant(program_id=program_id, shop_id=shop_id))
        shop = Shop(
            id=shop_id,
            program_id=program_id,
            domain=domain,
            # Compared with Shopify's own times, so it is the real clock's.
            installed_at=wall_now(),
        )
        _fill(shop, facts, pair, parts)
        session.add(shop)
        session.flush()
        _enqueue_first_jobs(parts, session, shop)
    return OpenedShop(shop_id=shop_id, program_id=program_id, newly_installed=True)


def _take_up_again(
    parts: Container, known: KnownShop, facts: ShopFacts, pair: TokenPair
) -> OpenedShop:
    """Store new tokens at a shop that uninstalled the app, or that lost its refresh token."""
    tenant = Tenant(program_id=known.program_id, shop_id=known.id)
    with parts.database.tenant(tenant) as session:
        shop = session.get_one(Shop, known.id)
        if shop.uninstalled_at is not None:
            shop.uninstalled_at = None
            shop.installed_at = wall_now()
        _fill(shop, facts, pair, parts)
        _enqueue_first_jobs(parts, session, shop)
    return OpenedShop(
        shop_id=known.id, program_id=known.program_id, newly_installed=not known.installed
    )


def _fill(shop: Shop, facts: ShopFacts, pair: TokenPair, parts: Container) -> None:
    shop.name = facts.name
    shop.primary_locale = facts.primary_locale
    shop.plan_name = facts.plan_name
    shop.is_plus = facts.is_plus
    shop.shop_gid = facts.shop_gid
    shop.installation_gid = facts.installation_gid
    store_tokens(shop, pair, vault_of(parts))


def _enqueue_first_jobs(parts: Container, session: Session, shop: Shop) -> None:
    if shop.reconciled_through is None:
        start_history_import(session, shop_id=shop.id, asked_by=INSTALL, now=utc_now())
        parts.jobs.enqueue("read_history", session=session, shop_id=shop.id)
    else:
        parts.jobs.enqueue("reconcile_shop", session=session, shop_id=shop.id)
    parts.jobs.enqueue("push_widget_settings", session=session, program_id=shop.program_id)
    parts.jobs.enqueue("push_member_metafields", session=session, program_id=shop.program_id)


def _find(parts: Container, domain: str) -> KnownShop | None:
    with parts.database.sweep() as session:
        return find_shop(session, domain)


def _is_usable(known: KnownShop | None) -> TypeGuard[KnownShop]:
    return known is not None and known.installed and not known.must_reopen
