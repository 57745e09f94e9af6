"""Lets a customer's member go: open redemptions are released, the postings stay."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.db.models import Member, MemberIdentity, Redemption
from app.services.release_redemption import release_redemption


def close_member(
    session: Session, *, shop_id: int, customer_id: int, now: datetime, ledger_key: bytes
) -> None:
    """Cut the tie between the customer and their member, and close a member nobody is any more."""
    member_id = session.scalar(
        delete(MemberIdentity)
        .where(MemberIdentity.shop_id == shop_id, MemberIdentity.customer_id == customer_id)
        .returning(MemberIdentity.member_id)
    )
    if member_id is None:
        return
    others = session.scalar(select(func.count()).where(MemberIdentity.member_id == member_id))
    if others:
        return
    open_ids = session.scalars(
        select(Redemption.id)
        .where(Redemption.member_id == member_id, Redemption.state.in_(("held", "ready")))
        .order_by(Redemption.id)
    ).all()
    for redemption_id in open_ids:
        release_redemption(
            session,
            redemption_id=redemption_id,
            reason="customer_gone",
            now=now,
            ledger_key=ledger_key,
        )
    session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(closed_at=now, version=Member.version + 1)
    )
