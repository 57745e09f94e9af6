"""Takes a reward out of the programme."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.models import Reward


def archive_reward(session: Session, *, program_id: int, reward_id: int, now: datetime) -> None:
    """Take the reward away; redemptions made with it stay. A repeat changes nothing."""
    session.execute(
        update(Reward)
        .where(
            Reward.program_id == program_id,
            Reward.id == reward_id,
            Reward.archived_at.is_(None),
        )
        .values(archived_at=now)
    )
