"""What can go wrong between the app and Shopify: errors carry ids and codes, never personal data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserError:
    """One reason Shopify gives for refusing a mutation; its sentence is left out on purpose."""

    code: str
    field: str


class ShopifyError(Exception):
    """Shopify did not do what it was asked."""

    def __init__(self, *, shop_domain: str, operation: str) -> None:
        super().__init__((type(self).__doc__ or "").partition("\n")[0])
        self.shop_domain = shop_domain
        self.operation = operation

    def __str__(self) -> str:
        return f"{super().__str__()} ({self.operation}, {self.shop_domain})"


class ShopifyUnavailable(ShopifyError):
    """Shopify could not be reached, or did not answer in time.

    `maybe_done` tells whether a mutation may have taken effect all the same.
    """

    def __init__(
        self, *, shop_domain: str, operation: str, reason: str, maybe_done: bool = False
    ) -> None:
        super().__init__(shop_domain=shop_domain, operation=operation)
        self.reason = reason
        self.maybe_done = maybe_done


class ShopifyThrottled(ShopifyUnavailable):
    """Shopify asked to wait for longer than the caller can."""

    def __init__(self, *, shop_domain: str, operation: str, wait_s: float) -> None:
        super().__init__(shop_domain=shop_domain, operation=operation, reason="throttled")
        self.wait_s = wait_s


class ShopifyRefused(ShopifyError):
    """Shopify understood the request and refused it; nothing has changed."""

    def __init__(self, *, shop_domain: str, operation: str, errors: tuple[UserError, ...]) -> None:
        super().__init__(shop_domain=shop_domain, operation=operation)
        self.errors = errors

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all reasons."""
        return frozenset(error.code for error in self.errors)


class TokenRejected(ShopifyError):
    """Shopify no longer accepts the shop's access token."""


class AccessDenied(ShopifyError):
    """The app was not granted the scope that the operation needs."""


class ShopClosed(ShopifyError):
    """The shop is frozen, locked or gone."""


class IdTokenRefused(ShopifyError):
    """Shopify did not accept the id token: App Bridge has to bring a fresh one."""


class RefreshTokenLost(ShopifyError):
    """The refresh token is spent or expired: a merchant has to open the app once."""
