"""`customer.tags_added`: a customer was given tags."""

from webhooks.mark_events import tags_changed
from webhooks.topic import Event, Outcome, Scope

TOPIC = "customer.tags_added"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return whose tags changed, and which."""
    return tags_changed(event)
