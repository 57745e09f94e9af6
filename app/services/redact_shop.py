"""Erases all that would tell who a shop and its customers were, as shop/redact asks."""

from datetime import datetime

from sqlalchemy import cast, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.db.models import (
    Award,
    Customer,
    CustomerMark,
    CustomerOrder,
    CustomerTag,
    MarksWanted,
    Member,
    MemberBirthday,
    MemberIdentity,
    OrderFact,
    OrderRefund,
    Posting,
    PostingNote,
    Redemption,
    Shop,
    TierChange,
    TierChangeNote,
    WebhookEvent,
)
from app.db.shop_lock import lock_shop

CUSTOMERS_ROWS = (MemberIdentity, CustomerMark, CustomerTag, MarksWanted, Customer)


def redact_shop(session: Session, *, shop_id: int, now: datetime) -> None:
    """Erase customers, identities, orders' contents, codes, notes, tokens and webhooks of a shop.

    The ledger stays, about nobody. The domain is freed, so that a later install starts empty.
    Both ids of the tenant must be named. A repeat changes nothing.
    """
    lock_shop(session, shop_id)
    shop = session.get_one(Shop, shop_id)
    if shop.redacted_at is not None:
        return
    for model in (*CUSTOMERS_ROWS, OrderFact, OrderRefund, WebhookEvent):
        session.execute(delete(model).where(model.shop_id == shop_id))
    session.execute(
        update(CustomerOrder)
        .where(CustomerOrder.shop_id == shop_id)
        .values(customer_id=None, name="", snapshot=_without_contents(), paid_snapshot=null())
    )
    session.execute(
        update(Redemption).where(Redemption.shop_id == shop_id).values(code=None, customer_id=0)
    )
    _forget_sign_ups(session, shop)
    _close_members(session, shop, now)
    _forget(shop, now)
    session.flush()


def _forget_sign_ups(session: Session, shop: Shop) -> None:
    """Take the customers' numbers out of the awards for signing up."""
    session.execute(
        update(Award)
        .where(
            Award.program_id == shop.program_id,
            Award.source_kind == "sign_up",
            Award.source_id.startswith(f"{shop.id}:"),
        )
        .values(source_id=func.concat(shop.id, ":redacted:", Award.id))
    )


def _close_members(session: Session, shop: Shop, now: datetime) -> None:
    """Close members who are no other shop's customers, and erase what staff wrote of them."""
    identities = select(MemberIdentity.member_id).where(
        MemberIdentity.program_id == shop.program_id
    )
    session.execute(
        update(Member)
        .where(
            Member.program_id == shop.program_id,
            Member.closed_at.is_(None),
            Member.id.not_in(identities),
        )
        .values(closed_at=now)
    )
    left = select(Posting.id).where(
        Posting.program_id == shop.program_id, Posting.member_id.not_in(identities)
    )
    session.execute(delete(PostingNote).where(PostingNote.posting_id.in_(left)))
    changes = select(TierChange.id).where(
        TierChange.program_id == shop.program_id, TierChange.member_id.not_in(identities)
    )
    session.execute(delete(TierChangeNote).where(TierChangeNote.tier_change_id.in_(changes)))
    session.execute(
        delete(MemberBirthday).where(
            MemberBirthday.program_id == shop.program_id,
            MemberBirthday.member_id.not_in(identities),
        )
    )


def _without_contents() -> object:
    """Return the snapshot without what was bought and by whom; the rest keeps it readable."""
    return cast(CustomerOrder.snapshot, JSONB).concat(
        func.jsonb_build_object(
            "customer_id",
            None,
            "name",
            "",
            "lines",
            func.jsonb_build_array(),
            "discount_codes",
            func.jsonb_build_array(),
        )
    )


def _forget(shop: Shop, now: datetime) -> None:
    shop.domain = f"redacted-{shop.id}.myshopify.com"
    shop.name = ""
    shop.access_token = shop.refresh_token = None
    shop.access_token_expires_at = shop.refresh_token_expires_at = None
    shop.uninstalled_at = shop.uninstalled_at or now
    shop.redacted_at = now
