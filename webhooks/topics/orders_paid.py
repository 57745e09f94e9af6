"""`orders/paid`: an order was paid in full."""

from app.shopify.order_fields import OrderFields
from webhooks.order_events import order_seen
from webhooks.topic import Event, Outcome, Scope

TOPIC = "orders/paid"
FIELDS = OrderFields


def translate(event: Event, scope: Scope) -> Outcome:
    """Return the state of the order."""
    return order_seen(event)
