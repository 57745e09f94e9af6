"""The tiers of a programme."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import Member, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """One tier: where it starts, in minor units of yearly spend, and how many times the points."""

    id: int
    name: str
    threshold_minor: int
    multiplier_bp: int


def program_tiers(session: Session, program_id: int) -> list[TierRow]:
    """Return the tiers from the lowest to the highest."""
    rows = session.execute(
        select(Tier.id, Tier.name, Tier.threshold_minor, Tier.multiplier_bp)
        .where(Tier.program_id == program_id)
        .order_by(Tier.threshold_minor)
    )
    return [TierRow(**row._mapping) for row in rows]


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
