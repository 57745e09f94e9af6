"""Gets and refreshes expiring offline tokens at Shopify's token endpoint."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from shopify_app import ShopifyApp
from shopify_app.types import IdTokenDetails, Res, TokenExchangeResult

from app.settings import Settings
from app.shopify.errors import IdTokenRefused, RefreshTokenLost, ShopifyUnavailable
from app.shopify.id_tokens import AdminToken

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """An access token and the refresh token that replaces both; times are the real clock's."""

    access_token: str = field(repr=False)
    access_token_expires_at: datetime | None
    refresh_token: str | None = field(repr=False)
    refresh_token_expires_at: datetime | None
    scopes: str


class TokenEndpoint:
    """Shopify's token endpoint, asked through the package `shopifyapp`."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self._app = ShopifyApp(
            client_id=settings.shopify_client_id,
            client_secret=settings.shopify_client_secret,
            old_client_secret=settings.shopify_old_client_secret,
        )
        self._http = httpx.Client(
            transport=_ShopOrigin(
                settings.shopify_origin_template, transport or httpx.HTTPTransport(retries=1)
            ),
            timeout=TIMEOUT_S,
            trust_env=False,
        )

    def exchange(self, token: AdminToken) -> TokenPair:
        """Return an expiring offline token for the shop of the verified id token `token`.

        Raises IdTokenRefused when App Bridge has to bring a fresh id token.
        """
        claims = {**token.claims, "dest": f"https://{token.shop_domain}"}
        try:
            result = self._app.exchange_using_token_exchange(
                "offline",
                IdTokenDetails(exchangeable=True, token=token.token, claims=claims),
                Res(status=401, body="", headers={}),
                expiring=True,
                http_client=self._http,
            )
        except ValueError as error:
            raise self._unreadable(token.shop_domain, "token_exchange") from error
        if result.log.code == "invalid_subject_token":
            raise IdTokenRefused(shop_domain=token.shop_domain, operation="token_exchange")
        return _read_pair(result, token.shop_domain, "token_exchange")

    def refresh(self, shop_domain: str, refresh_token: str) -> TokenPair:
        """Return the pair that replaces `refresh_token`, which is spent from then on.

        Raises RefreshTokenLost when only a merchant who opens the app can help.
        """
        try:
            result = self._app.refresh_token_exchanged_access_token(
                {
                    "shop": shop_domain.removesuffix(".myshopify.com"),
                    "refresh_token": refresh_token,
                    # Left out on purpose: the package refuses to refresh before the last minute.
                    "expires": None,
                    "refresh_token_expires": None,
                    "access_mode": "offline",
                    "user": None,
                },
                http_client=self._http,
            )
        except ValueError as error:
            raise self._unreadable(shop_domain, "token_refresh") from error
        if result.log.code in ("invalid_grant", "refresh_token_expired"):
            raise RefreshTokenLost(shop_domain=shop_domain, operation="token_refresh")
        return _read_pair(result, shop_domain, "token_refresh")

    @staticmethod
    def _unreadable(shop_domain: str, operation: str) -> ShopifyUnavailable:
        return ShopifyUnavailable(
            shop_domain=shop_domain, operation=operation, reason="unreadable", maybe_done=True
        )


class _ShopOrigin(httpx.BaseTransport):
    """Sends what is meant for https://{shop} to where this installation finds the shop."""

    def __init__(self, origin_template: str, inner: httpx.BaseTransport) -> None:
        self._origin_template = origin_template
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        origin = self._origin_template.format(shop=request.url.host)
        request.url = httpx.URL(origin + request.url.raw_path.decode("ascii"))
        request.headers["Host"] = request.url.netloc.decode("ascii")
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def _read_pair(result: TokenExchangeResult, shop_domain: str, operation: str) -> TokenPair:
    token: Any = result.access_token
    if not result.ok or token is None or not token.token:
        raise ShopifyUnavailable(
            shop_domain=shop_domain, operation=operation, reason=result.log.code, maybe_done=True
        )
    return TokenPair(
        access_token=token.token,
        access_token_expires_at=_moment(token.expires),
        refresh_token=token.refresh_token or None,
        refresh_token_expires_at=_moment(token.refresh_token_expires),
        scopes=token.scope,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
