"""The rewards of a programme."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import Redemption, Reward


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRow:
    """One reward: its type, what it costs in points, and its typed configuration as JSON."""

    id: int
    type: str
    points: int
    config: dict[str, Any]
    position: int
    active: bool


def program_rewards(
    session: Session, program_id: int, *, offered_only: bool = False
) -> list[RewardRow]:
    """Return the rewards that were not removed, in the merchant's order, cheapest first."""
    query = (
        select(Reward.id, Reward.type, Reward.points, Reward.config, Reward.position, Reward.active)
        .where(Reward.program_id == program_id, Reward.archived_at.is_(None))
        .order_by(Reward.position, Reward.points, Reward.id)
    )
    if offered_only:
        query = query.where(Reward.active)
    return [RewardRow(**row._mapping) for row in session.execute(query)]


def get_reward(session: Session, program_id: int, reward_id: int) -> RewardRow | None:
    """Return one reward that was not removed, or None."""
    row = session.execute(
        select(
            Reward.id, Reward.type, Reward.points, Reward.config, Reward.position, Reward.active
        ).where(
            Reward.program_id == program_id,
            Reward.id == reward_id,
            Reward.archived_at.is_(None),
        )
    ).one_or_none()
    return RewardRow(**row._mapping) if row else None


def times_taken(session: Session, program_id: int) -> dict[int, int]:
    """Return how often each reward was taken and not given back."""
    rows = session.execute(
        select(Redemption.reward_id, func.count())
        .where(Redemption.program_id == program_id, Redemption.state != "released")
        .group_by(Redemption.reward_id)
    )
    return {row[0]: row[1] for row in rows}
