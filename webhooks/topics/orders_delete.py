"""`orders/delete`: an order was deleted."""

from webhooks.topic import Event, OrderGone, Outcome, Scope

TOPIC = "orders/delete"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return which order is gone."""
    return OrderGone(int(event.payload["id"]))
