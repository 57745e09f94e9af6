"""How far the reading of a shop's past orders has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import HistoryImport

OPEN_STATES = ("waiting", "running", "reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One reading of a shop's history."""

    id: int
    state: str
    sees_all_orders: bool
    operation_gid: str | None
    operation_at: datetime | None
    looked_at: datetime | None
    orders_told: int
    orders_read: int
    orders_new: int
    oldest_order_at: datetime | None
    position: dict[str, Any] | None
    attempts: int
    reason: str | None
    requested_at: datetime
    finished_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is under way."""
        return self.state in OPEN_STATES


COLUMNS = [getattr(HistoryImport, name) for name in ImportRow.__dataclass_fields__]


def newest_import(session: Session, shop_id: int) -> ImportRow | None:
    """Return the shop's reading that was asked for last, or None when there was none."""
    row = session.execute(
        select(*COLUMNS)
        .where(HistoryImport.shop_id == shop_id)
        .order_by(HistoryImport.id.desc())
        .limit(1)
    ).one_or_none()
    return ImportRow(**row._mapping) if row else None


def open_import(session: Session, shop_id: int) -> ImportRow | None:
    """Return the shop's reading that is under way, or None."""
    newest = newest_import(session, shop_id)
    return newest if newest and newest.is_open else None
