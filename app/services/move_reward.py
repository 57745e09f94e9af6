"""Moves a reward up or down in the order in which shoppers see them."""

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Reward

Direction = Literal["up", "down"]


def move_reward(session: Session, *, program_id: int, reward_id: int, direction: Direction) -> None:
    """Swap the reward with its neighbour; one that is first or last, or gone, stays as it is."""
    rewards = list(
        session.scalars(
            select(Reward)
            .where(Reward.program_id == program_id, Reward.archived_at.is_(None))
            .order_by(Reward.position, Reward.points, Reward.id)
            .with_for_update()
        )
    )
    at = next((index for index, each in enumerate(rewards) if each.id == reward_id), None)
    if at is None:
        return
    to = at - 1 if direction == "up" else at + 1
    if not 0 <= to < len(rewards):
        return
    rewards[at], rewards[to] = rewards[to], rewards[at]
    for position, each in enumerate(rewards, start=1):
        each.position = position
    session.flush()
