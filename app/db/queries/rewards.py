"""The rewards of a programme."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.bulk import bigints
from app.db.models import Redemption
from app.db.wire import Answer, Trip, one_trip
from app.domain.reward_offer import RewardOffer

_OFFER = tuple(each.name for each in fields(RewardOffer))
_COLUMNS = ("id", "type", "points", "config", "position", "active", *_OFFER)
_REWARD = f"""
    select {", ".join(_COLUMNS)} from reward
    where program_id = $1::bigint and id = $2::bigint and archived_at is null
"""  # noqa: S608 - the columns are this module's own
_ON_OFFER = "order by position, points, id"
_REWARDS = f"""
    select {", ".join(_COLUMNS)} from reward
    where program_id = $1::bigint and archived_at is null {_ON_OFFER}
"""  # noqa: S608 - the columns are this module's own
_OFFERED = f"""
    select {", ".join(_COLUMNS)} from reward
    where program_id = $1::bigint and archived_at is null and active {_ON_OFFER}
"""  # noqa: S608 - the columns are this module's own
_LIMITED = "select id from reward where member_limit is not null"
_TAKEN = """
    select reward_id, created_at from redemption
    where member_id = $1::bigint and reward_id = any($2::bigint[]) and state <> 'released'
"""
_ASKS_FOR_TAGS = """
    select 1 from reward
    where program_id = $1::bigint and active and archived_at is null
        and jsonb_array_length(customer_tags) > 0
    limit 1
"""
_REWARD_AND_TAKEN = f"""
    select {", ".join(_COLUMNS)}, case when member_limit is not null then array(
        select created_at from redemption
        where member_id = $3::bigint and reward_id = $2::bigint and state <> 'released'
    ) end
    from reward where program_id = $1::bigint and id = $2::bigint and archived_at is null
"""  # noqa: S608 - the columns are this module's own


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
    with one_trip(session) as trip:
        rewards = trip.ask(_OFFERED if offered_only else _REWARDS, (program_id,))
    return [_row(row) for row in rewards.rows]


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


def ask_reward_and_taken(trip: Trip, program_id: int, reward_id: int, member_id: int) -> Answer:
    """Ask for the same, and when a member took it; see `reward_and_taken_of`."""
    return trip.ask(_REWARD_AND_TAKEN, (program_id, reward_id, member_id))


def reward_and_taken_of(rewards: Answer) -> tuple[RewardRow, list[datetime]] | None:
    """Return the reward that was asked for, and when the member took it and did not give it back.

    Only where that counts: of a reward that a member may have ever so often, nothing is looked at.
    """
    for *values, taken in rewards.rows:
        return _row(values), taken or []
    return None


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
    with one_trip(session) as trip:
        limited = trip.ask(_LIMITED)
    if not limited.rows:
        return {}
    with one_trip(session) as trip:
        rewards = trip.ask(_TAKEN, (member_id, bigints(id_ for (id_,) in limited.rows)))
    taken: dict[int, list[datetime]] = {}
    for reward_id, created_at in rewards.rows:
        taken.setdefault(reward_id, []).append(created_at)
    return taken


def ask_for_tagged(trip: Trip, program_id: int) -> Answer:
    """Ask whether a reward on offer is for customers with some tags only: a row, or none."""
    return trip.ask(_ASKS_FOR_TAGS, (program_id,))


def times_taken(session: Session, program_id: int) -> dict[int, int]:
    """Return how often each reward was taken and not given back."""
    rows = session.execute(
        select(Redemption.reward_id, func.count())
        .where(Redemption.program_id == program_id, Redemption.state != "released")
        .group_by(Redemption.reward_id)
    )
    return {row[0]: row[1] for row in rows}
