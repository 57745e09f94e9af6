"""Keeps how far a shop's orders have been compared with Shopify's."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models import Shop


def note_reconciled(session: Session, *, shop_id: int, through: datetime) -> None:
    """Store that every order changed up to `through` is known; it never moves back."""
    shop = session.get_one(Shop, shop_id, with_for_update=True)
    if shop.reconciled_through is None or shop.reconciled_through < through:
        shop.reconciled_through = through
    session.flush()
