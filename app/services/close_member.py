"""Lets a customer's member go: open redemptions are released, the postings stay."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.models import (
    Customer,
    CustomerMark,
    CustomerTag,
    MarksWanted,
    Member,
    MemberBirthday,
    MemberIdentity,
    Redemption,
)
from app.domain.redeeming import HOLDING
from app.services.release_redemption import release_redemption


def close_member(
    session: Session, *, shop_id: int, customer_id: int, now: datetime, ledger_key: bytes
) -> None:
    """Cut the tie between the customer and their member, and close a member nobody is any more.

    Customers who were merged into this one are not anybody: their ties go as well.
    """
    for model in (CustomerMark, CustomerTag, MarksWanted):
        session.execute(
            delete(model).where(model.shop_id == shop_id, model.customer_id == customer_id)
        )
    member_id = session.scalar(
        delete(MemberIdentity)
        .where(MemberIdentity.shop_id == shop_id, MemberIdentity.customer_id == customer_id)
        .returning(MemberIdentity.member_id)
    )
    if member_id is None:
        return
    if _is_somebody(session, member_id):
        return
    _cut_former_ties(session, member_id)
    open_ids = session.scalars(
        select(Redemption.id)
        .where(Redemption.member_id == member_id, Redemption.state.in_(HOLDING))
        .order_by(Redemption.id)
    ).all()
    for redemption_id in open_ids:
        release_redemption(
            session,
            redemption_id=redemption_id,
            reason="customer_gone",
            # No network here: a job deletes the code.
            withdrawn=False,
            now=now,
            ledger_key=ledger_key,
        )
    session.execute(delete(MemberBirthday).where(MemberBirthday.member_id == member_id))
    session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(closed_at=now, version=Member.version + 1)
    )


def _is_somebody(session: Session, member_id: int) -> bool:
    """Return whether a customer whom Shopify has still is the member."""
    living = (
        select(MemberIdentity.customer_id)
        .outerjoin(
            Customer,
            (Customer.shop_id == MemberIdentity.shop_id)
            & (Customer.customer_id == MemberIdentity.customer_id),
        )
        .where(MemberIdentity.member_id == member_id, Customer.deleted_at.is_(None))
        .limit(1)
    )
    return session.scalar(living) is not None


def _cut_former_ties(session: Session, member_id: int) -> None:
    """Untie the merged customers, and note who they were where nothing else says so."""
    theirs = (
        select(MemberIdentity.customer_id)
        .where(
            MemberIdentity.member_id == member_id,
            MemberIdentity.shop_id == Customer.shop_id,
            MemberIdentity.customer_id == Customer.customer_id,
        )
        .exists()
    )
    session.execute(
        update(Customer)
        .where(theirs, Customer.former_member_id.is_(None), Customer.redacted_at.is_(None))
        .values(former_member_id=member_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(MemberIdentity).where(MemberIdentity.member_id == member_id))
