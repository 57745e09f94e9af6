"""The rewards of a programme."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import Redemption, Reward
from app.db.wire import Answer, Trip, one_trip

_REWARD = """
    select id, type, points, config, position, active from reward
    where program_id = $1::bigint and id = $2::bigint and archived_at is null
"""


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
    with one_trip(session) as trip:
        rewards = ask_reward(trip, program_id, reward_id)
    return reward_of(rewards)


def ask_reward(trip: Trip, program_id: int, reward_id: int) -> Answer:
    """Ask for one reward that was not removed; see `reward_of`."""
    return trip.ask(_REWARD, (program_id, reward_id))


def reward_of(rewards: Answer) -> RewardRow | None:
    """Return the reward that was asked for, or None."""
    for id_, type_, points, config, position, active in rewards.rows:
        return RewardRow(
            id=id_,
            type=type_,
            points=points,
            config=config,
            position=position,
            active=active,
        )
    return None


def times_taken(session: Session, program_id: int) -> dict[int, int]:
    """Return how often each reward was taken and not given back."""
    rows = session.execute(
        select(Redemption.reward_id, func.count())
        .where(Redemption.program_id == program_id, Redemption.state != "released")
        .group_by(Redemption.reward_id)
    )
    return {row[0]: row[1] for row in rows}
