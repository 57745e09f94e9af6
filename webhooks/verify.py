"""Whether a webhook was signed by Shopify, and what its headers say."""

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FAMILIES = ("HTTP_X_SHOPIFY_", "HTTP_SHOPIFY_")
"""Shopify's classic headers, and those of the 2026 Events family."""

PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class WebhookHeaders:
    """The headers of a verified webhook."""

    shop_domain: str
    webhook_id: str
    event_id: str
    topic: str
    api_version: str
    triggered_at: str


class Signatures:
    """Checks signatures made with the app's secret, or with the old one while it is rotated."""

    def __init__(self, secret: str, old_secret: str | None = None) -> None:
        self._secrets = [value.encode() for value in (secret, old_secret) if value]

    def hold(self, body: bytes, signature: str) -> bool:
        """Return whether `signature` (base64) is that of `body`; takes constant time."""
        # WSGI hands over header bytes as Latin-1, so any header can be encoded back.
        sent = signature.encode("latin-1", "replace")
        for secret in self._secrets:
            if hmac.compare_digest(b64encode(hmac.digest(secret, body, "sha256")), sent):
                return True
        return False


def signature_of(environ: Mapping[str, Any]) -> str:
    """Return the signature header, or an empty string; every request has one of the families."""
    signature: str = environ.get("HTTP_X_SHOPIFY_HMAC_SHA256") or environ.get(
        "HTTP_SHOPIFY_HMAC_SHA256", ""
    )
    return signature


def read_headers(environ: Mapping[str, Any]) -> WebhookHeaders | None:
    """Return the headers, or None when one that is needed is missing or unreadable.

    A missing event id is the webhook's own: it is then alone in its event.
    """
    prefix = FAMILIES[0] if "HTTP_X_SHOPIFY_HMAC_SHA256" in environ else FAMILIES[1]
    shop_domain = environ.get(prefix + "SHOP_DOMAIN", "")
    webhook_id = environ.get(prefix + "WEBHOOK_ID", "")
    topic = environ.get(prefix + "TOPIC", "")
    event_id = environ.get(prefix + "EVENT_ID") or webhook_id
    api_version = environ.get(prefix + "API_VERSION") or "-"
    triggered_at = environ.get(prefix + "TRIGGERED_AT") or "-"
    # One look at all of them: each must be there, printable and short.
    values = (shop_domain, webhook_id, event_id, topic, api_version, triggered_at)
    if not all(map(PRINTABLE.fullmatch, values)):
        return None
    return WebhookHeaders(*values)
