"""Pauses a shop whose merchant removed the app; everything is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models import Shop


def uninstall_shop(session: Session, *, shop_id: int, triggered_at: datetime) -> bool:
    """Mark the shop as uninstalled and forget its tokens, which Shopify has revoked.

    Returns False, changing nothing, when the uninstall was triggered before the last install: the
    message was late and the merchant is back.
    """
    shop = session.get_one(Shop, shop_id, with_for_update=True)
    if triggered_at < shop.installed_at:
        return False
    if shop.uninstalled_at is None:
        shop.uninstalled_at = triggered_at
    shop.access_token = shop.access_token_expires_at = None
    shop.refresh_token = shop.refresh_token_expires_at = None
    session.flush()
    return True
