"""What the topics that carry a whole order have in common."""

from app.shopify.order_payload import snapshot_from_payload
from webhooks.topic import Event, OrderSeen, Outcome, SetAside

TEST_ORDER = "test_order"


def order_seen(event: Event) -> Outcome:
    """Return the order's state; test orders never earn, so they are set aside."""
    snapshot = snapshot_from_payload(event.payload)
    return SetAside(TEST_ORDER) if snapshot.test else OrderSeen(snapshot)
