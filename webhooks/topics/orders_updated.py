"""`orders/updated`: anything about an order changed."""

from app.shopify.order_fields import OrderFields
from webhooks.order_events import order_seen
from webhooks.topic import Event, Outcome, Scope

TOPIC = "orders/updated"
FIELDS = OrderFields


def translate(event: Event, scope: Scope) -> Outcome:
    """Return the state of the order."""
    return order_seen(event)
