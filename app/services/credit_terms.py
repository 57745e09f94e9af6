"""When a store credit ends: a moment by which it is found again, and which no other one has."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Redemption
from app.db.queries.rewards import RewardRow
from app.domain.reward import reward_type
from app.domain.reward_choice import NOTHING


def credit_terms(
    session: Session, reward: RewardRow, member_id: int, now: datetime
) -> dict[str, str]:
    """Return {"credit_ends_at"} for a store credit and {} for all else, under the member's lock.

    To the second, as Shopify keeps it, and a second later for each credit of the member that
    ends then already.
    """
    found = reward_type(reward.type)
    if found.way != "store_credit":
        return {}
    life = timedelta(days=found.worth(reward.config, NOTHING).life_days)
    taken = set(
        session.scalars(
            select(Redemption.terms["credit_ends_at"].astext).where(
                Redemption.member_id == member_id, Redemption.way == "store_credit"
            )
        )
    )
    ends_at = (now + life).replace(microsecond=0)
    while ends_at.isoformat() in taken:
        ends_at += timedelta(seconds=1)
    return {"credit_ends_at": ends_at.isoformat()}
