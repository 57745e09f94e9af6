"""Access to a shop's Admin API with a token that is refreshed before it runs out."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from app.clock import wall_now
from app.container import Container
from app.db.encryption import Vault
from app.db.models import Shop
from app.db.session import Tenant
from app.db.wire import Answer, Trip
from app.flows.shop_lock import shop_lock
from app.shopify.client import DEFAULT_BUDGET_S, Run, ShopAccess
from app.shopify.errors import (
    RefreshTokenLost,
    ShopClosed,
    ShopifyUnavailable,
    TokenRejected,
)
from app.shopify.tokens import TokenPair

logger = logging.getLogger(__name__)

REFRESH_BEFORE = timedelta(minutes=10)
"""How long before its end an access token is replaced."""
USABLE_BEFORE = timedelta(seconds=30)
"""How long before its end an access token is still worth sending when Shopify gives no new one."""
HURRIED_BELOW_S = 5.0
REFRESH_TOKEN_RENEWED_BEFORE = timedelta(days=45)
"""How long before its end a refresh token of a silent shop is replaced."""


_TOKENS = """
    select domain, access_token, access_token_expires_at, refresh_token, uninstalled_at,
        must_reopen
    from shop where id = $1::bigint
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredTokens:
    domain: str
    access_token: str = field(repr=False)
    access_token_expires_at: datetime | None
    refresh_token: bytes | None = field(repr=False)
    """Encrypted still."""

    def lasts(self, at_least: timedelta) -> bool:
        ends = self.access_token_expires_at
        return ends is None or ends > wall_now() + at_least


def runner(parts: Container, shop_id: int, access: ShopAccess | None = None) -> Run:
    """Return `run_for_shop` for one shop, with access that is known to be good for as long."""

    def run(
        operation: str,
        variables: dict[str, Any] | None = None,
        *,
        repeatable: bool = False,
        budget_s: float = DEFAULT_BUDGET_S,
    ) -> dict[str, Any]:
        return run_for_shop(
            parts,
            shop_id,
            operation,
            variables,
            repeatable=repeatable,
            budget_s=budget_s,
            access=access,
        )

    return run


def run_for_shop(
    parts: Container,
    shop_id: int,
    operation: str,
    variables: dict[str, Any] | None = None,
    *,
    repeatable: bool = False,
    budget_s: float = DEFAULT_BUDGET_S,
    access: ShopAccess | None = None,
) -> dict[str, Any]:
    """Return the `data` of one Admin API operation at a shop; see AdminApi.run for its errors.

    A token that Shopify rejects is refreshed once. `access` is read where it is not given. Raises RefreshTokenLost when the merchant has
    to open the app, ShopClosed when the app is not installed.
    """
    if access is None:
        access = usable_access(parts, shop_id, hurried=budget_s < HURRIED_BELOW_S)
    try:
        return parts.shopify.api.run(
            access, operation, variables, repeatable=repeatable, budget_s=budget_s
        )
    except TokenRejected:
        renewed = _refresh(parts, shop_id, rejected=access.token)
    return parts.shopify.api.run(
        renewed, operation, variables, repeatable=repeatable, budget_s=budget_s
    )


def usable_access(parts: Container, shop_id: int, *, hurried: bool = False) -> ShopAccess:
    """Return the shop's domain and an access token with life left in it.

    Whoever is `hurried` takes a token in its last minutes too and leaves its refreshing to others.
    """
    with parts.database.ask(Tenant(shop_id=shop_id)) as trip:
        asked = ask_access(trip, shop_id)
    return access_of(parts, asked, hurried=hurried) or _refresh(parts, shop_id)


def ask_access(trip: Trip, shop_id: int) -> Answer:
    """Ask for the shop's domain and tokens; see `access_of`."""
    return trip.ask(_TOKENS, (shop_id,))


def access_of(parts: Container, asked: Answer, *, hurried: bool) -> ShopAccess | None:
    """Return the access that was asked for, or None where its token has to be refreshed first.

    Raises RefreshTokenLost or ShopClosed.
    """
    stored = _stored_tokens(parts, asked)
    if stored.lasts(USABLE_BEFORE if hurried else REFRESH_BEFORE):
        return ShopAccess(domain=stored.domain, token=stored.access_token)
    return None


def renew_ageing_refresh_tokens(parts: Container) -> None:
    """Refresh the tokens of shops that were silent for long, before their refresh token ends."""
    with parts.database.sweep() as session:
        shop_ids = session.scalars(
            select(Shop.id).where(
                Shop.refresh_token_expires_at < wall_now() + REFRESH_TOKEN_RENEWED_BEFORE,
                Shop.uninstalled_at.is_(None),
                Shop.must_reopen.is_(False),
            )
        ).all()
    for shop_id in shop_ids:
        try:
            _refresh(parts, shop_id, renew=True)
        except (ShopifyUnavailable, RefreshTokenLost, ShopClosed) as error:
            logger.warning("Tokens of shop %s could not be refreshed: %s", shop_id, error)


def store_tokens(shop: Shop, pair: TokenPair, vault: Vault) -> None:
    """Put a pair of tokens on the shop's row, encrypted, both or none."""
    shop.access_token = vault.encrypt(pair.access_token)
    shop.access_token_expires_at = pair.access_token_expires_at
    shop.refresh_token = vault.encrypt(pair.refresh_token) if pair.refresh_token else None
    shop.refresh_token_expires_at = pair.refresh_token_expires_at
    shop.scopes = pair.scopes
    shop.must_reopen = False


def vault_of(parts: Container) -> Vault:
    """Return what encrypts this installation's tokens and personal data."""
    return _vault(parts.settings.encryption_keys, parts.settings.ledger_key)


@lru_cache(maxsize=8)
def _vault(encryption_keys: tuple[str, ...], ledger_key: bytes) -> Vault:
    return Vault(encryption_keys, ledger_key)


def _refresh(
    parts: Container, shop_id: int, *, rejected: str | None = None, renew: bool = False
) -> ShopAccess:
    """Replace the shop's pair of tokens, unless another process has done so in the meantime."""
    before = _read_tokens(parts, shop_id)
    with shop_lock(parts.database, before.domain):
        stored = _read_tokens(parts, shop_id)
        replaced = stored.access_token != (rejected or before.access_token)
        if replaced or (not renew and rejected is None and stored.lasts(REFRESH_BEFORE)):
            return ShopAccess(domain=stored.domain, token=stored.access_token)
        try:
            pair = _ask_for_new(parts, stored)
        except RefreshTokenLost:
            _mark_must_reopen(parts, shop_id)
            raise
        except ShopifyUnavailable:
            if rejected is None and stored.lasts(USABLE_BEFORE):
                return ShopAccess(domain=stored.domain, token=stored.access_token)
            raise
        _store(parts, shop_id, pair)
    return ShopAccess(domain=stored.domain, token=pair.access_token)


def _ask_for_new(parts: Container, stored: _StoredTokens) -> TokenPair:
    if stored.refresh_token is None:
        raise RefreshTokenLost(shop_domain=stored.domain, operation="token_refresh")
    token = vault_of(parts).decrypt(stored.refresh_token)
    return parts.shopify.tokens.refresh(stored.domain, token)


def _read_tokens(parts: Container, shop_id: int) -> _StoredTokens:
    with parts.database.ask(Tenant(shop_id=shop_id)) as trip:
        asked = ask_access(trip, shop_id)
    return _stored_tokens(parts, asked)


def _stored_tokens(parts: Container, asked: Answer) -> _StoredTokens:
    [(domain, access_token, ends_at, refresh_token, uninstalled_at, must_reopen)] = asked.rows
    if uninstalled_at is not None:
        raise ShopClosed(shop_domain=domain, operation="token")
    if must_reopen or access_token is None:
        raise RefreshTokenLost(shop_domain=domain, operation="token")
    return _StoredTokens(
        domain=domain,
        access_token=vault_of(parts).decrypt(access_token),
        access_token_expires_at=ends_at,
        refresh_token=refresh_token,
    )


def _store(parts: Container, shop_id: int, pair: TokenPair) -> None:
    with parts.database.tenant(Tenant(shop_id=shop_id)) as session:
        store_tokens(session.get_one(Shop, shop_id), pair, vault_of(parts))


def _mark_must_reopen(parts: Container, shop_id: int) -> None:
    with parts.database.tenant(Tenant(shop_id=shop_id)) as session:
        session.get_one(Shop, shop_id).must_reopen = True
