"""The changes of members' tiers, as they were recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import TierChange, TierChangeNote
from app.domain.tier_review import TierReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChangeRow:
    """A change of a member's tier; tiers by the names that they had."""

    id: int
    from_name: str | None
    to_name: str | None
    rises: bool
    reason: TierReason
    measure: int | None
    """What counted then: minor units, points or orders."""
    at: datetime
    actor: str
    note: bytes | None
    """Why, in staff's words; encrypted."""


def tier_changes(session: Session, member_id: int, limit: int = 50) -> Sequence[TierChangeRow]:
    """Return a member's changes, the newest first."""
    rows = session.execute(
        select(
            TierChange.id,
            TierChange.from_name,
            TierChange.to_name,
            TierChange.rises,
            TierChange.reason,
            TierChange.measure,
            TierChange.at,
            TierChange.actor,
            TierChangeNote.note,
        )
        .outerjoin(TierChangeNote, TierChangeNote.tier_change_id == TierChange.id)
        .where(TierChange.member_id == member_id)
        .order_by(TierChange.id.desc())
        .limit(limit)
    )
    return [TierChangeRow(**row._mapping) for row in rows]
