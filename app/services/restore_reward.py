"""Brings a reward back that was taken out of the programme."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import Reward


def restore_reward(session: Session, *, program_id: int, reward_id: int) -> None:
    """Have the reward as it was before it was removed. A repeat changes nothing."""
    session.execute(
        update(Reward)
        .where(Reward.program_id == program_id, Reward.id == reward_id)
        .values(archived_at=None)
    )
