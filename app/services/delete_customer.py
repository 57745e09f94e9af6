"""Follows the deletion of a customer at Shopify."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import Customer
from app.db.shop_lock import lock_shop
from app.services.close_member import close_member


def delete_customer(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    customer_id: int,
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Forget who the customer was and close their member; postings and balances stay.

    Later events of the customer do not bring them back. A repeat changes nothing.
    """
    lock_shop(session, shop_id)
    session.execute(
        update(Customer)
        .where(Customer.shop_id == shop_id, Customer.customer_id == customer_id)
        .values(name=None, email=None, email_hash=None, deleted_at=now)
    )
    close_member(session, shop_id=shop_id, customer_id=customer_id, now=now, ledger_key=ledger_key)
