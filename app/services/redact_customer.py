"""Erases a customer for good, as customers/redact asks."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import Customer, CustomerOrder, MemberIdentity, Posting, PostingNote, Redemption
from app.db.order_facts import forget_customer_facts
from app.db.shop_lock import lock_shop
from app.services.close_member import close_member


def redact_customer(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    customer_id: int,
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Erase name, address, codes and notes of a customer and close their member.

    What is left of the customer is the bare number, so that a late delivery does not bring them
    back; orders keep their spend but no longer say whose they were. Postings and sums are
    unchanged. A repeat changes nothing.
    """
    lock_shop(session, shop_id)
    member_id = session.scalar(
        select(MemberIdentity.member_id).where(
            MemberIdentity.shop_id == shop_id, MemberIdentity.customer_id == customer_id
        )
    )
    close_member(session, shop_id=shop_id, customer_id=customer_id, now=now, ledger_key=ledger_key)
    upsert_rows(
        session,
        Customer,
        [
            {
                "shop_id": shop_id,
                "customer_id": customer_id,
                "name": None,
                "email": None,
                "email_hash": None,
                "created_at": now,
                "updated_at": now,
                "redacted_at": now,
            }
        ],
    )
    forget_customer_facts(session, shop_id, customer_id)
    session.execute(
        update(CustomerOrder)
        .where(CustomerOrder.shop_id == shop_id, CustomerOrder.customer_id == customer_id)
        .values(
            customer_id=None,
            snapshot=CustomerOrder.snapshot.concat({"customer_id": None}),
        )
    )
    session.execute(
        update(Redemption)
        .where(Redemption.shop_id == shop_id, Redemption.customer_id == customer_id)
        .values(code=None)
    )
    if member_id is not None:
        session.execute(
            delete(PostingNote).where(
                PostingNote.posting_id.in_(select(Posting.id).where(Posting.member_id == member_id))
            )
        )
