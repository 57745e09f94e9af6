"""The rewards of a programme."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import Redemption, Reward
from app.db.wire import Answer, Trip, one_trip
from app.domain.reward_offer import RewardOffer

_OFFER = tuple(each.name for each in fields(RewardOffer))
_COLUMNS = ("id", "type", "points", "config", "position", "active", *_OFFER)
_REWARD = f"""
    select {", ".join(_COLUMNS)} from reward
    where program_id = $1::bigint and id = $2::bigint and archived_at is null
"""  # noqa: S608 - the columns are this module's own
_TAKEN_AT = """
    select created_at from redemption
    where member_id = $1::bigint and reward_id = $2::bigint and state <> 'released'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRow:
    """One reward: its type, what it costs in points, its typed configuration as JSON, its offer."""

    id: int
    type: str
    points: int
    config: dict[str, Any]
    position: int
    active: bool
    offer: RewardOffer = field(default_factory=RewardOffer)


def program_rewards(
    session: Session, program_id: int, *, offered_only: bool = False
) -> list[RewardRow]:
    """Return the rewards that were not removed, in the merchant's order, cheapest first."""
    query = (
        select(*(getattr(Reward, name) for name in _COLUMNS))
        .where(Reward.program_id == program_id, Reward.archived_at.is_(None))
        .order_by(Reward.position, Reward.points, Reward.id)
    )
    if offered_only:
        query = query.where(Reward.active)
    return [_row(row) for row in session.execute(query)]


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
    for row in rewards.rows:
        return _row(row)
    return None


def ask_taken_at(trip: Trip, member_id: int, reward_id: int) -> Answer:
    """Ask when a member took a reward and did not give it back: rows of one moment."""
    return trip.ask(_TAKEN_AT, (member_id, reward_id))


def _row(values: Sequence[Any]) -> RewardRow:
    named = dict(zip(_COLUMNS, values, strict=True))
    offer = {name: named.pop(name) for name in _OFFER}
    for name, value in offer.items():
        if isinstance(value, list):
            offer[name] = tuple(value)
    return RewardRow(**named, offer=RewardOffer(**offer))


def taken_by(session: Session, member_id: int) -> dict[int, list[datetime]]:
    """Return when a member took each reward and did not give it back, by the reward's id.

    Only of rewards that a member may not have ever so often: other redemptions count for nothing,
    and a member has hundreds of them.
    """
    limited = session.scalars(select(Reward.id).where(Reward.member_limit.is_not(None))).all()
    if not limited:
        return {}
    rows = session.execute(
        select(Redemption.reward_id, Redemption.created_at).where(
            Redemption.member_id == member_id,
            Redemption.reward_id.in_(limited),
            Redemption.state != "released",
        )
    )
    taken: dict[int, list[datetime]] = {}
    for reward_id, created_at in rows:
        taken.setdefault(reward_id, []).append(created_at)
    return taken


def asks_for_tags(session: Session, program_id: int) -> bool:
    """Return whether a reward on offer is for customers with some tags only."""
    query = select(Reward.id).where(
        Reward.program_id == program_id,
        Reward.active,
        Reward.archived_at.is_(None),
        func.jsonb_array_length(Reward.customer_tags) > 0,
    )
    return session.scalars(query.limit(1)).first() is not None


def times_taken(session: Session, program_id: int) -> dict[int, int]:
    """Return how often each reward was taken and not given back."""
    rows = session.execute(
        select(Redemption.reward_id, func.count())
        .where(Redemption.program_id == program_id, Redemption.state != "released")
        .group_by(Redemption.reward_id)
    )
    return {row[0]: row[1] for row in rows}
