"""Verifies the signed tokens with which Shopify says who is asking: staff, or a shopper."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import jwt
from shopify import session_token

from app.settings import Settings
from app.shopify.shop_domain import bare_host, is_shop_domain

LEEWAY_S = 10
CUSTOMER_GID = "gid://shopify/Customer/"
TOKEN_CHARS_MAX = 8_192


class TokenInvalid(Exception):
    """The token was not signed for this app, has run out, or names no shop."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminToken:
    """A verified id token of a merchant's staff."""

    shop_domain: str
    user_id: int
    token: str = field(repr=False)
    claims: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopperToken:
    """A verified session token of an extension; `customer_id` is None for guests."""

    shop_domain: str
    customer_id: int | None


def read_admin_token(token: str, settings: Settings) -> AdminToken:
    """Return who sent the id token `token`, or raise TokenInvalid.

    ShopifyAPI checks signature, audience, times and that issuer and destination are one shop;
    what it lets pass (no `exp`, a port or a path in the domain) is refused here.
    """
    _refuse_unreadable(token)
    claims = _decode_with(settings, lambda secret: _decode_admin(token, settings, secret))
    _refuse_endless(claims)
    shop_domain = _shop_domain(claims)
    if not str(claims["iss"]).startswith(f"https://{shop_domain}/"):
        raise TokenInvalid("issuer_differs")
    subject = str(claims["sub"])
    if not (subject.isascii() and subject.isdigit()):
        raise TokenInvalid("subject_unreadable")
    return AdminToken(shop_domain=shop_domain, user_id=int(subject), token=token, claims=claims)


def read_shopper_token(token: str, settings: Settings) -> ShopperToken:
    """Return which shop and customer the extension token `token` names, or raise TokenInvalid.

    Its `dest` may be a bare host, and `sub` is there only when the shopper is signed in.
    """
    _refuse_unreadable(token)
    claims = _decode_with(settings, lambda secret: _decode_shopper(token, settings, secret))
    return ShopperToken(shop_domain=_shop_domain(claims), customer_id=_customer_id(claims))


def _decode_with(settings: Settings, decode: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Decode with the current secret, else with the one that is being replaced."""
    for secret in (settings.shopify_client_secret, settings.shopify_old_client_secret):
        if secret is None:
            continue
        # What is no token at all makes the libraries stumble in ways of their own.
        with suppress(jwt.PyJWTError, session_token.SessionTokenError, ValueError, TypeError):
            return decode(secret)
    raise TokenInvalid("not_verified")


def _decode_admin(token: str, settings: Settings, secret: str) -> dict[str, Any]:
    claims: dict[str, Any] = session_token.decode_from_header(  # type: ignore[no-untyped-call]
        f"Bearer {token}", settings.shopify_client_id, secret
    )
    return claims


def _decode_shopper(token: str, settings: Settings, secret: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        secret,
        algorithms=["HS256"],
        audience=settings.shopify_client_id,
        leeway=LEEWAY_S,
        options={"require": ["exp", "dest", "aud"]},
    )


def _refuse_unreadable(token: str) -> None:
    if not token.isascii() or len(token) > TOKEN_CHARS_MAX:
        raise TokenInvalid("unreadable")


def _refuse_endless(claims: dict[str, Any]) -> None:
    if "exp" not in claims:
        raise TokenInvalid("endless")


def _shop_domain(claims: dict[str, Any]) -> str:
    domain = bare_host(str(claims.get("dest", "")))
    if not is_shop_domain(domain):
        raise TokenInvalid("foreign_destination")
    return domain


def _customer_id(claims: dict[str, Any]) -> int | None:
    subject = claims.get("sub")
    if subject is None or subject == "":
        return None
    number = str(subject).removeprefix(CUSTOMER_GID)
    if not (number.isascii() and number.isdigit()):
        raise TokenInvalid("subject_unreadable")
    return int(number)
