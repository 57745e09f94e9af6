"""Forgets who a customer was whom Shopify deleted or merged into another."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import Row, upsert_rows
from app.db.models import Customer


def forget_customer(
    session: Session, *, shop_id: int, customer_id: int, member_id: int | None, now: datetime
) -> None:
    """Note that the customer is no more and who they were, also of one who was never seen."""
    known = session.execute(
        select(Customer.created_at, Customer.redacted_at, Customer.deleted_at).where(
            Customer.shop_id == shop_id, Customer.customer_id == customer_id
        )
    ).one_or_none()
    row: Row = {
        "shop_id": shop_id,
        "customer_id": customer_id,
        "name": None,
        "email": None,
        "email_hash": None,
        "created_at": known.created_at if known else now,
        "updated_at": now,
        "deleted_at": (known.deleted_at if known else None) or now,
        "former_member_id": member_id,
        "redacted_at": known.redacted_at if known else None,
    }
    upsert_rows(session, Customer, [row])
