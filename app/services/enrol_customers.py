"""Takes in what Shopify says of customers, and makes members of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import Customer
from app.db.rulebook import load_rulebook
from app.services.award_sign_ups import award_sign_ups
from app.services.ensure_members import ensure_members, gone_customers


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """What is known of a person, encrypted already; see app.db.encryption."""

    name: bytes | None
    email: bytes | None
    email_hash: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerState:
    """A customer as Shopify described them at `updated_at`."""

    customer_id: int
    created_at: datetime
    updated_at: datetime
    personal: PersonalData


def enrol_customers(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    customers: Sequence[CustomerState],
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Keep the newest state of each customer, make them members and award their signing up.

    An older state never overwrites a newer one; the same one again changes nothing. Customers who
    were deleted or redacted stay so.
    """
    rulebook = load_rulebook(session, program_id)
    newest = _newest(customers)
    members = ensure_members(
        session,
        shop_id=shop_id,
        rulebook=rulebook,
        joined={customer_id: state.created_at for customer_id, state in newest.items()},
    )
    present = {
        customer_id: state for customer_id, state in newest.items() if customer_id in members
    }
    # Customers who were merged into another are members still, but no more is kept of who they are.
    gone = gone_customers(session, shop_id, present)
    upsert_rows(
        session,
        Customer,
        [_row(shop_id, present[id_]) for id_ in sorted(present) if id_ not in gone],
        newer_by="updated_at",
    )
    award_sign_ups(
        session,
        shop_id=shop_id,
        rulebook=rulebook,
        created=[(members[id_], id_, state.created_at) for id_, state in present.items()],
        now=now,
        ledger_key=ledger_key,
    )


def _newest(customers: Sequence[CustomerState]) -> dict[int, CustomerState]:
    newest: dict[int, CustomerState] = {}
    for state in customers:
        known = newest.get(state.customer_id)
        if known is None or known.updated_at <= state.updated_at:
            newest[state.customer_id] = state
    return newest


def _row(shop_id: int, state: CustomerState) -> dict[str, object]:
    return {
        "shop_id": shop_id,
        "customer_id": state.customer_id,
        "name": state.personal.name,
        "email": state.personal.email,
        "email_hash": state.personal.email_hash,
        "created_at": state.created_at,
        "updated_at": state.updated_at,
    }
