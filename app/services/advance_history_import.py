"""Moves the reading of a shop's past orders from one state to the next.

Each step names the state that it leaves; where that is not the state any more (the reading was
cancelled meanwhile), it changes nothing and says so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import HistoryImport


def operation_began(
    session: Session, *, import_id: int, gid: str, at: datetime, now: datetime
) -> bool:
    """Note that Shopify puts the file together."""
    return _move(
        session,
        import_id,
        "waiting",
        state="running",
        operation_gid=gid,
        operation_at=at,
        looked_at=now,
        attempts=HistoryImport.attempts + 1,
    )


def operation_looked_at(session: Session, *, import_id: int, orders: int, now: datetime) -> bool:
    """Note how many orders Shopify has put into the file so far."""
    return _move(session, import_id, "running", orders_told=orders, looked_at=now)


def note_operation_ended(session: Session, *, shop_id: int, gid: str) -> None:
    """Note that Shopify says the file is there, so that it is looked at soon."""
    session.execute(
        update(HistoryImport)
        .where(
            HistoryImport.shop_id == shop_id,
            HistoryImport.operation_gid == gid,
            HistoryImport.state == "running",
        )
        .values(looked_at=None)
    )


def reading_began(
    session: Session, *, import_id: int, orders: int, position: dict[str, Any]
) -> bool:
    """Note that the file is there, and where reading it begins."""
    return _move(
        session, import_id, "running", state="reading", orders_told=orders, position=position
    )


def ask_again(session: Session, *, import_id: int, state: str) -> bool:
    """Have Shopify asked for the file once more; what was read is known then."""
    return _move(
        session,
        import_id,
        state,
        state="waiting",
        operation_gid=None,
        position=None,
        orders_told=0,
        orders_read=0,
    )


def import_ended(
    session: Session,
    *,
    import_id: int,
    state: str,
    ends_as: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Note how the reading ended: done, cancelled or failed."""
    return _move(session, import_id, state, state=ends_as, reason=reason, finished_at=now)


def _move(session: Session, import_id: int, leaves: str, **values: Any) -> bool:  # noqa: ANN401 - columns
    changed = session.execute(
        update(HistoryImport)
        .where(HistoryImport.id == import_id, HistoryImport.state == leaves)
        .values(**values)
        .returning(HistoryImport.id)
    ).all()
    return bool(changed)
