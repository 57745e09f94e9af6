"""The headers of a webhook, its signature among them."""

import base64
import hmac


def signature(body: bytes, secret: str) -> str:
    """Return the base64 HMAC-SHA256 of a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def webhook_headers(
    *,
    body: bytes,
    secret: str,
    topic: str,
    domain: str,
    api_version: str,
    webhook_id: str,
    event_id: str,
    triggered_at: str,
) -> dict[str, str]:
    """Return every header that Shopify sends with a webhook."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature(body, secret),
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": api_version,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Event-Id": event_id,
        "X-Shopify-Triggered-At": triggered_at,
    }
