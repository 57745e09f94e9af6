"""Asks for a shop's past orders to be read."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import insert_new_rows
from app.db.models import HistoryImport, Shop
from app.db.queries.backfills import newest_backfill
from app.db.queries.history_imports import open_import

READ_ALL_ORDERS = "read_all_orders"


def start_history_import(session: Session, *, shop_id: int, asked_by: str, now: datetime) -> bool:
    """Note that the history is to be read; return whether it was not under way already.

    While points for past orders are being granted it is not: who confirmed them saw what they cost.
    The caller enqueues `read_history` with the same session.
    """
    backfill = newest_backfill(session, shop_id)
    if open_import(session, shop_id) or (backfill and backfill.state == "granting"):
        return False
    scopes = session.get_one(Shop, shop_id).scopes.split(",")
    row = {
        "shop_id": shop_id,
        "state": "waiting",
        "asked_by": asked_by,
        "sees_all_orders": READ_ALL_ORDERS in scopes,
        "requested_at": now,
    }
    insert_new_rows(session, HistoryImport, [row])
    return True
