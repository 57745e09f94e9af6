"""Follows the deletion of a customer at Shopify."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Customer
from app.db.queries.members import member_of_customer
from app.db.shop_lock import lock_shop
from app.services.close_member import close_member
from app.services.forget_customer import forget_customer


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

    Later events of the customer do not bring them back; a merge that Shopify tells late finds the
    points. Who was merged into another is gone already: their member is not touched. A repeat
    changes nothing.
    """
    lock_shop(session, shop_id)
    deleted_at = session.scalar(
        select(Customer.deleted_at).where(
            Customer.shop_id == shop_id, Customer.customer_id == customer_id
        )
    )
    if deleted_at is not None:
        return
    forget_customer(
        session,
        shop_id=shop_id,
        customer_id=customer_id,
        member_id=member_of_customer(session, shop_id, customer_id),
        now=now,
    )
    close_member(session, shop_id=shop_id, customer_id=customer_id, now=now, ledger_key=ledger_key)
