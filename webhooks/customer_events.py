"""What the topics that carry a whole customer have in common."""

from app.db.encryption import Vault
from app.services.enrol_customers import CustomerState, PersonalData
from app.shopify.order_payload import moment
from webhooks.topic import CustomerSeen, Event


def customer_seen(event: Event, vault: Vault) -> CustomerSeen:
    """Return the customer's state, name and address encrypted before anything else sees them."""
    payload = event.payload
    first_and_last = (payload.get("first_name"), payload.get("last_name"))
    name = " ".join(part.strip() for part in first_and_last if part and part.strip())
    email = payload.get("email")
    return CustomerSeen(
        CustomerState(
            customer_id=int(payload["id"]),
            created_at=moment(payload["created_at"]),
            updated_at=moment(payload["updated_at"]),
            personal=PersonalData(
                name=vault.encrypt(name) if name else None,
                email=vault.encrypt(email) if email else None,
                email_hash=vault.email_hash(email) if email else None,
            ),
        )
    )
