"""`company_contacts/delete`: a customer no longer buys for a company."""

from webhooks.mark_events import contact_changed
from webhooks.topic import Event, Outcome, Scope

TOPIC = "company_contacts/delete"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return whose companies changed."""
    return contact_changed(event)
