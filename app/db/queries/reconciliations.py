"""What the comparison of a shop's orders with Shopify's came to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Reconciliation


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPass:
    """The newest pass over a shop's orders."""

    started_at: datetime
    finished_at: datetime | None
    compared: int
    taken_in: int
    deleted: int
    missed_in_all: int
    last_missed_at: datetime | None


def newest_comparison(session: Session, shop_id: int) -> ComparisonPass | None:
    """Return the newest pass, or None when there was none yet."""
    columns = [getattr(Reconciliation, name) for name in ComparisonPass.__dataclass_fields__]
    row = session.execute(select(*columns).where(Reconciliation.shop_id == shop_id)).one_or_none()
    return ComparisonPass(**row._mapping) if row else None
