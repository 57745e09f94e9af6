"""Erases a customer for good, as customers/redact asks."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import cast, delete, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.db.bulk import among, upsert_rows
from app.db.models import (
    Customer,
    CustomerOrder,
    MemberBirthday,
    MemberIdentity,
    Posting,
    PostingNote,
    Redemption,
    TierChange,
    TierChangeNote,
)
from app.db.order_facts import forget_customer_facts
from app.db.queries.members import member_of_customer
from app.db.shop_lock import lock_shop
from app.services.close_member import close_member
from app.services.merged_rows import members_merged_into


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

    So too of the customers who were merged into this one: they are the same person. What is left
    is bare numbers, so that a late delivery does not bring anybody back; orders keep their spend
    but no longer say whose they were. Postings and sums are unchanged. Bodies of webhooks are
    erased by erase_payloads. A repeat changes nothing.
    """
    lock_shop(session, shop_id)
    known = session.execute(
        select(Customer.former_member_id, Customer.deleted_at).where(
            Customer.shop_id == shop_id, Customer.customer_id == customer_id
        )
    ).one_or_none()
    whole_id = member_of_customer(session, shop_id, customer_id)
    if known is not None and (whole_id is None or known.deleted_at is not None):
        # Deleted before; or merged into somebody who lives on: then only the part that came along.
        whole_id = known.former_member_id
    members = members_merged_into(session, whole_id) if whole_id is not None else []
    customers = [customer_id, *_former_customers(session, shop_id, members)]
    for each in sorted(set(customers)):
        close_member(session, shop_id=shop_id, customer_id=each, now=now, ledger_key=ledger_key)
        forget_customer_facts(session, shop_id, each)
    _erase_customers(session, shop_id, customers, now)
    _erase_orders(session, shop_id, customers)
    notes = select(Posting.id).where(among(Posting.member_id, members))
    session.execute(delete(PostingNote).where(PostingNote.posting_id.in_(notes)))
    changes = select(TierChange.id).where(among(TierChange.member_id, members))
    session.execute(delete(TierChangeNote).where(TierChangeNote.tier_change_id.in_(changes)))
    session.execute(delete(MemberBirthday).where(among(MemberBirthday.member_id, members)))


def _former_customers(session: Session, shop_id: int, members: Iterable[int]) -> list[int]:
    """Return the customers that Shopify has no more and that these members were."""
    members = list(members)
    by_identity = (
        select(MemberIdentity.customer_id)
        .join(
            Customer,
            (Customer.shop_id == MemberIdentity.shop_id)
            & (Customer.customer_id == MemberIdentity.customer_id),
        )
        .where(
            MemberIdentity.shop_id == shop_id,
            among(MemberIdentity.member_id, members),
            Customer.deleted_at.is_not(None),
        )
    )
    by_past = select(Customer.customer_id).where(
        Customer.shop_id == shop_id, among(Customer.former_member_id, members)
    )
    return [*session.scalars(by_identity), *session.scalars(by_past)]


def _erase_customers(
    session: Session, shop_id: int, customer_ids: Iterable[int], now: datetime
) -> None:
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
                "former_member_id": None,
                "redacted_at": now,
            }
            for customer_id in sorted(set(customer_ids))
        ],
    )


def _erase_orders(session: Session, shop_id: int, customer_ids: list[int]) -> None:
    session.execute(
        update(CustomerOrder)
        .where(CustomerOrder.shop_id == shop_id, among(CustomerOrder.customer_id, customer_ids))
        .values(
            customer_id=None,
            snapshot=cast(CustomerOrder.snapshot, JSONB).concat({"customer_id": None}),
        )
    )
    session.execute(
        update(Redemption)
        .where(
            Redemption.shop_id == shop_id,
            among(Redemption.customer_id, customer_ids),
            # A code that is still to be deleted at Shopify is erased once it is gone there.
            or_(Redemption.state != "released", Redemption.due_at.is_(None)),
        )
        .values(code=None)
    )
