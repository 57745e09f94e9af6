"""Erases all that would tell who a shop and its customers were, as shop/redact asks."""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.orm import Session

from app.db.models import (
    Customer,
    CustomerOrder,
    MemberIdentity,
    OrderRefund,
    PostingNote,
    Redemption,
    Shop,
    WebhookEvent,
)
from app.db.shop_lock import lock_shop


def redact_shop(session: Session, *, shop_id: int, now: datetime) -> None:
    """Erase customers, identities, orders' contents, codes, notes, tokens and webhooks of a shop.

    The ledger stays, about nobody. The domain is freed, so that a later install starts empty.
    Both ids of the tenant must be named. A repeat changes nothing.
    """
    lock_shop(session, shop_id)
    shop = session.get_one(Shop, shop_id)
    if shop.redacted_at is not None:
        return
    for model in (MemberIdentity, Customer, OrderRefund, WebhookEvent):
        session.execute(delete(model).where(model.shop_id == shop_id))
    session.execute(
        update(CustomerOrder)
        .where(CustomerOrder.shop_id == shop_id)
        .values(customer_id=None, name="", snapshot=_without_contents())
    )
    session.execute(update(Redemption).where(Redemption.shop_id == shop_id).values(code=None))
    session.execute(delete(PostingNote).where(PostingNote.program_id == shop.program_id))
    _forget(shop, now)
    session.flush()


def _without_contents() -> object:
    """Return the snapshot without what was bought and by whom; the rest keeps it readable."""
    return CustomerOrder.snapshot.concat(
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
