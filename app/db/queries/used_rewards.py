"""The rewards that a member has used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.db.queries.history import TakenReward, taken_rewards


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedReward:
    """A redemption that was used, and when."""

    reward: TakenReward
    used_at: datetime


def used_rewards(session: Session, member_id: int, limit: int) -> list[UsedReward]:
    """Return the rewards that the member used, the one taken last first."""
    rows = session.execute(
        select(Redemption.id, Redemption.used_at)
        .where(Redemption.member_id == member_id, Redemption.state == "used")
        .order_by(Redemption.id.desc())
        .limit(limit)
    ).all()
    rewards = taken_rewards(session, [row.id for row in rows])
    return [UsedReward(reward=rewards[row.id], used_at=row.used_at) for row in rows]
