"""`customers/update`: a customer record changed."""

from webhooks.customer_events import customer_seen
from webhooks.topic import Event, Outcome, Scope

TOPIC = "customers/update"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return the state of the customer, personal data encrypted."""
    return customer_seen(event, scope.vault)
