"""Notes when a shopper was first seen signed in at a shop."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.wire import unanswered

_NOTE = """
    update member_identity set signed_in_at = $3::timestamptz
    where shop_id = $1::bigint and customer_id = $2::bigint and signed_in_at is null
"""


def note_signed_in(session: Session, *, shop_id: int, customer_id: int, now: datetime) -> None:
    """Note the first time; later ones change nothing. Shopify must have named the customer."""
    with unanswered(session) as trip:
        trip.ask(_NOTE, (shop_id, customer_id, now))
