"""Verifies what Shopify's app proxy forwards from the storefront."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from app.settings import Settings
from app.shopify.shop_domain import is_shop_domain

WINDOW = timedelta(seconds=90)

# What Shopify adds itself. A second value could only be the shopper's own.
OWN_NAMES = ("shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature")


class SignatureInvalid(Exception):
    """The request was not signed by Shopify, or too long ago."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCaller:
    """Which shop's storefront is asking, and which customer is signed in there, if any."""

    shop_domain: str
    customer_id: int | None


def read_proxy_query(query: str, settings: Settings, now: datetime) -> ProxyCaller:
    """Return who sent the raw query string `query`, or raise SignatureInvalid.

    `now` is the real time: Shopify dates its signatures by the wall clock.
    """
    try:
        values = parse_qs(query, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise SignatureInvalid("unreadable") from None
    if any(len(values.get(name, ())) > 1 for name in OWN_NAMES):
        raise SignatureInvalid("repeated_name")
    _refuse_unsigned(values, settings)
    _refuse_late(_only(values, "timestamp"), now)
    shop_domain = _only(values, "shop")
    if not is_shop_domain(shop_domain):
        raise SignatureInvalid("foreign_shop")
    return ProxyCaller(
        shop_domain=shop_domain, customer_id=_customer_id(_only(values, "logged_in_customer_id"))
    )


def sign_proxy_query(values: dict[str, list[str]], secret: str) -> str:
    """Return the signature of `values`: sorted `name=value`, arrays joined by commas, no separator."""
    told = "".join(f"{name}={','.join(values[name])}" for name in sorted(values))
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()


def _refuse_unsigned(values: dict[str, list[str]], settings: Settings) -> None:
    signed = {name: value for name, value in values.items() if name != "signature"}
    given = _only(values, "signature").encode()
    secrets = [settings.shopify_client_secret, settings.shopify_old_client_secret]
    expected = [sign_proxy_query(signed, secret).encode() for secret in secrets if secret]
    if not any(hmac.compare_digest(given, one) for one in expected):
        raise SignatureInvalid("not_verified")


def _refuse_late(timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        raise SignatureInvalid("undated")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise SignatureInvalid("late")


def _customer_id(value: str) -> int | None:
    """Return the customer's id; Shopify sends an empty value for guests."""
    if value == "":
        return None
    if not (value.isascii() and value.isdigit()):
        raise SignatureInvalid("customer_unreadable")
    return int(value)


def _only(values: dict[str, list[str]], name: str) -> str:
    return values.get(name, [""])[0]
