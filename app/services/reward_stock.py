"""Takes one of what is left of a reward, and gives it back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from app.db.models import Reward
from app.db.queries.rewards import RewardRow
from app.domain.eligibility import Obstacle
from app.domain.errors import RewardUnavailable


def take_one(session: Session, reward: RewardRow) -> None:
    """Take one of a reward that has an end; raise RewardUnavailable when somebody took the last.

    The reward's row is locked after its member's, by everybody.
    """
    if reward.offer.stock is None:
        return
    taken = session.scalar(
        update(Reward)
        .where(Reward.id == reward.id, Reward.stock > 0)
        .values(stock=Reward.stock - 1)
        .returning(Reward.id)
    )
    if taken is None:
        sold_out = Obstacle(code="sold_out")
        raise RewardUnavailable(reward_id=reward.id, obstacles=(sold_out,))


def give_one_back(session: Session, reward_id: int, terms: Mapping[str, Any]) -> None:
    """Give back the one that a redemption with these terms took, if it took one."""
    if terms.get("took_stock"):
        session.execute(
            update(Reward)
            .where(Reward.id == reward_id, Reward.stock.is_not(None))
            .values(stock=Reward.stock + 1)
        )


def take_one_again(session: Session, reward_id: int, terms: Mapping[str, Any]) -> None:
    """Take one that was given back and used all the same; none below 0."""
    if terms.get("took_stock"):
        session.execute(
            update(Reward)
            .where(Reward.id == reward_id, Reward.stock.is_not(None))
            .values(stock=func.greatest(Reward.stock - 1, 0))
        )
