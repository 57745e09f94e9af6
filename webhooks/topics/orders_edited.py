"""`orders/edited`: lines were added or removed; the order itself is not told."""

from webhooks.topic import Event, OrderChanged, Outcome, Scope

TOPIC = "orders/edited"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return that the order has to be fetched."""
    return OrderChanged(int(event.payload["order_edit"]["order_id"]))
