"""Customers who asked what is held about them, and wait for the answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.db.models import Customer, MemberIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """A request that staff have not answered since it was made."""

    customer_id: int
    member_id: int
    name: bytes | None
    """Encrypted."""
    requested_at: datetime


def open_data_requests(session: Session, shop_id: int, limit: int = 100) -> list[DataRequest]:
    """Return a shop's open requests, the oldest first."""
    member_id = func.coalesce(MemberIdentity.member_id, Customer.former_member_id)
    rows = session.execute(
        select(
            Customer.customer_id,
            member_id.label("member_id"),
            Customer.name,
            Customer.data_requested_at.label("requested_at"),
        )
        .outerjoin(
            MemberIdentity,
            (MemberIdentity.shop_id == Customer.shop_id)
            & (MemberIdentity.customer_id == Customer.customer_id),
        )
        .where(
            Customer.shop_id == shop_id,
            Customer.data_requested_at.is_not(None),
            member_id.is_not(None),
            or_(
                Customer.data_given_at.is_(None),
                Customer.data_given_at < Customer.data_requested_at,
            ),
        )
        .order_by(Customer.data_requested_at)
        .limit(limit)
    )
    return [DataRequest(**row._mapping) for row in rows]
