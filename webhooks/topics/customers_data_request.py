"""`customers/data_request`: a customer asks the merchant what is known of them."""

from webhooks.topic import Event, Outcome, Scope, SetAside

TOPIC = "customers/data_request"

FOR_STAFF = "customer_data_requested"


def translate(event: Event, scope: Scope) -> Outcome:
    """Return that it is for staff: the member's page shows everything the app holds."""
    return SetAside(FOR_STAFF)
