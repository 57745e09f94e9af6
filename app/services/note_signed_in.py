"""Notes when a shopper was first seen signed in at a shop."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import MemberIdentity


def note_signed_in(session: Session, *, shop_id: int, customer_id: int, now: datetime) -> None:
    """Note the first time; later ones change nothing. Shopify must have named the customer."""
    session.execute(
        update(MemberIdentity)
        .where(
            MemberIdentity.shop_id == shop_id,
            MemberIdentity.customer_id == customer_id,
            MemberIdentity.signed_in_at.is_(None),
        )
        .values(signed_in_at=now)
    )
