"""Follows the deletion of a customer at Shopify."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import Row, upsert_rows
from app.db.models import Customer
from app.db.queries.members import member_of_customer
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

    Later events of the customer do not bring them back; a merge that Shopify tells late finds the
    points. Who was merged into another is gone already: their member is not touched. A repeat
    changes nothing.
    """
    lock_shop(session, shop_id)
    known = session.execute(
        select(Customer.created_at, Customer.deleted_at, Customer.former_member_id).where(
            Customer.shop_id == shop_id, Customer.customer_id == customer_id
        )
    ).one_or_none()
    if known is not None and known.deleted_at is not None:
        return
    row: Row = {
        "shop_id": shop_id,
        "customer_id": customer_id,
        "name": None,
        "email": None,
        "email_hash": None,
        "created_at": known.created_at if known else now,
        "updated_at": now,
        "deleted_at": now,
        "former_member_id": member_of_customer(session, shop_id, customer_id),
    }
    upsert_rows(session, Customer, [row])
    close_member(session, shop_id=shop_id, customer_id=customer_id, now=now, ledger_key=ledger_key)
