"""`refunds/create`: money or goods were given back; it may come before its order does."""

from app.shopify.order_payload import refund_currency, refund_from_payload
from webhooks.topic import Event, Outcome, RefundSeen, Scope

TOPIC = "refunds/create"

ANY_CURRENCY = "USD"
"""A refund without amounts has no money to convert."""


def translate(event: Event, scope: Scope) -> Outcome:
    """Return the refund and its order's id."""
    currency = refund_currency(event.payload) or ANY_CURRENCY
    refund = refund_from_payload(event.payload, currency)
    return RefundSeen(int(event.payload["order_id"]), refund)
