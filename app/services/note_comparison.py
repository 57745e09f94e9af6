"""Keeps what the comparison of a shop's orders with Shopify's came to."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.models import Reconciliation


def comparison_began(session: Session, *, shop_id: int, now: datetime) -> None:
    """Begin a pass: what the last one found is forgotten, what all found is not."""
    fresh = {"started_at": now, "finished_at": None, "compared": 0, "taken_in": 0, "deleted": 0}
    session.execute(
        insert(Reconciliation)
        .values(shop_id=shop_id, missed_in_all=0, **fresh)
        .on_conflict_do_update(index_elements=["shop_id"], set_=fresh)
    )


def comparison_advanced(
    session: Session,
    *,
    shop_id: int,
    compared: int,
    taken_in: int = 0,
    deleted: int = 0,
    now: datetime,
) -> None:
    """Add what a part of the pass came to."""
    missed = taken_in + deleted
    values: dict[str, object] = {
        "compared": Reconciliation.compared + compared,
        "taken_in": Reconciliation.taken_in + taken_in,
        "deleted": Reconciliation.deleted + deleted,
        "missed_in_all": Reconciliation.missed_in_all + missed,
    }
    if missed:
        values["last_missed_at"] = now
    session.execute(
        update(Reconciliation).where(Reconciliation.shop_id == shop_id).values(**values)
    )


def comparison_ended(session: Session, *, shop_id: int, now: datetime) -> None:
    """Note that the pass is complete."""
    session.execute(
        update(Reconciliation).where(Reconciliation.shop_id == shop_id).values(finished_at=now)
    )
