"""Keeps which access scopes a merchant granted."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.db.models import Shop


def note_scopes(session: Session, *, shop_id: int, scopes: Sequence[str]) -> None:
    """Store the scopes as Shopify writes them: sorted, with commas between."""
    session.get_one(Shop, shop_id, with_for_update=True).scopes = ",".join(sorted(scopes))
    session.flush()
