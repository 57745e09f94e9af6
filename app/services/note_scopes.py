"""Keeps which access scopes a merchant granted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models import Shop
from app.services.start_history_import import READ_ALL_ORDERS, start_history_import

ASKED_BY = "scopes"


def note_scopes(session: Session, *, shop_id: int, scopes: Sequence[str], now: datetime) -> None:
    """Store the scopes as Shopify writes them: sorted, with commas between.

    Once all orders may be seen, the history is read: a sweep finds that it is asked for.
    """
    shop = session.get_one(Shop, shop_id, with_for_update=True)
    saw_all = READ_ALL_ORDERS in shop.scopes.split(",")
    shop.scopes = ",".join(sorted(scopes))
    session.flush()
    if READ_ALL_ORDERS in scopes and not saw_all:
        start_history_import(session, shop_id=shop_id, asked_by=ASKED_BY, now=now)
