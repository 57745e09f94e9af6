"""The tiers of a programme, and who has them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import Member
from app.db.rulebook import load_tiers
from app.domain.tiers import TierLevel


def program_tiers(session: Session, program_id: int) -> list[TierLevel]:
    """Return the tiers from the lowest to the highest."""
    return list(load_tiers(session, program_id))


def has_more_members(session: Session, program_id: int, than: int) -> bool:
    """Return whether the programme has more open members than so many; no more are looked at."""
    one_more = (
        select(Member.id)
        .where(Member.program_id == program_id, Member.closed_at.is_(None))
        .offset(than)
        .limit(1)
    )
    return session.scalar(one_more) is not None


def members_by_tier(session: Session, program_id: int) -> dict[int, int]:
    """Return how many open members each tier has."""
    rows = session.execute(
        select(Member.tier_id, func.count())
        .where(
            Member.program_id == program_id,
            Member.tier_id.is_not(None),
            Member.closed_at.is_(None),
        )
        .group_by(Member.tier_id)
    )
    return {tier_id: count for tier_id, count in rows if tier_id is not None}
