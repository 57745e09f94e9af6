"""Notes that a customer asked the merchant what is held about them."""

from datetime import UTC, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.db.bulk import Row, insert_new_rows
from app.db.models import Customer, MemberIdentity
from app.db.queries.members import member_of_customer

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Older than every state that Shopify tells."""


def note_data_request(session: Session, *, shop_id: int, customer_id: int, now: datetime) -> bool:
    """Put the request before staff; return whether anything is held. The newest request counts."""
    member_id = member_of_customer(session, shop_id, customer_id)
    if member_id is not None:
        row: Row = {
            "shop_id": shop_id,
            "customer_id": customer_id,
            "created_at": now,
            "updated_at": NEVER,
        }
        insert_new_rows(session, Customer, [row])
    known = session.execute(
        update(Customer)
        .where(
            Customer.shop_id == shop_id,
            Customer.customer_id == customer_id,
            Customer.redacted_at.is_(None),
        )
        .values(data_requested_at=now)
        .returning(Customer.customer_id)
    )
    return known.one_or_none() is not None


def note_data_given(session: Session, *, shop_id: int, member_id: int, now: datetime) -> None:
    """Note that staff took what is held about a member, for all whom the member is or was."""
    theirs = select(MemberIdentity.customer_id).where(
        MemberIdentity.shop_id == shop_id, MemberIdentity.member_id == member_id
    )
    session.execute(
        update(Customer)
        .where(
            Customer.shop_id == shop_id,
            or_(Customer.customer_id.in_(theirs), Customer.former_member_id == member_id),
            Customer.data_requested_at.is_not(None),
        )
        .values(data_given_at=now)
    )
