"""Saves a reward."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import Reward
from app.domain.errors import RewardUnavailable
from app.domain.reward import InvalidReward, reward_type
from app.domain.reward_offer import RewardOffer, offer_faults

MOST_POINTS = 10**9


def save_reward(
    session: Session,
    *,
    program_id: int,
    reward_id: int | None,
    type: str,
    points: int,
    config: Mapping[str, Any],
    active: bool,
    now: datetime,
    offer: RewardOffer | None = None,
) -> int:
    """Add a reward (`reward_id` None) or change one, and return its id.

    Without an `offer` it keeps the one it has. Redemptions keep the terms they were taken at.
    Raises InvalidReward with every wrong field and RewardUnavailable when there is no such reward.
    """
    terms = asdict(_checked(type, points, config, offer or RewardOffer()))
    if reward_id is None:
        reward = Reward(
            program_id=program_id,
            position=_next_position(session, program_id),
            created_at=now,
            archived_at=None,
        )
        session.add(reward)
    else:
        reward = _existing(session, program_id, reward_id)
    reward.type, reward.points, reward.config, reward.active = type, points, terms, active
    if offer is not None:
        _write(reward, offer)
    session.flush()
    return reward.id


def _checked(type_name: str, points: int, config: Mapping[str, Any], offer: RewardOffer) -> Any:  # noqa: ANN401 - each type has its own
    faults = offer_faults(offer)
    if points <= 0:
        faults["points"] = "not_positive"
    elif points > MOST_POINTS:
        faults["points"] = "too_large"
    try:
        parsed = reward_type(type_name).parse(config)
    except InvalidReward as error:
        raise InvalidReward(error.field_errors | faults) from None
    if faults:
        raise InvalidReward(faults)
    return parsed


def _write(reward: Reward, offer: RewardOffer) -> None:
    for column in fields(RewardOffer):
        value = getattr(offer, column.name)
        setattr(reward, column.name, list(value) if isinstance(value, tuple) else value)


def _next_position(session: Session, program_id: int) -> int:
    last = session.scalar(select(func.max(Reward.position)).where(Reward.program_id == program_id))
    return (last or 0) + 1


def _existing(session: Session, program_id: int, reward_id: int) -> Reward:
    reward = session.scalars(
        select(Reward).where(
            Reward.program_id == program_id,
            Reward.id == reward_id,
            Reward.archived_at.is_(None),
        )
    ).one_or_none()
    if reward is None:
        raise RewardUnavailable(reward_id=reward_id)
    return reward
