"""The one form of a shop's domain that the app trusts."""

import re

_CANONICAL = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def is_shop_domain(domain: str) -> bool:
    """Return whether `domain` is a canonical myshopify.com domain, which no user can own."""
    return _CANONICAL.fullmatch(domain) is not None


def bare_host(address: str) -> str:
    """Return the host of `https://host` or of a bare `host`; what is neither stays as it is."""
    return address.removeprefix("https://").removesuffix("/")
