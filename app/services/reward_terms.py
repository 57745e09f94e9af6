"""A reward as its takers meet it: what stands in the way of one, and what a redemption keeps."""

from datetime import datetime
from typing import Any

from app.db.queries.rewards import RewardRow
from app.domain.eligibility import Claimant, Obstacle, obstacles
from app.domain.reward import reward_type


def reward_obstacles(
    reward: RewardRow, claimant: Claimant, *, points: int, now: datetime
) -> tuple[Obstacle, ...]:
    """Return why a member cannot have a reward for `points` now, the firmest reason first."""
    worth = reward_type(reward.type).worth(reward.config, {})
    return obstacles(
        reward.offer,
        claimant,
        points=points,
        offered=reward.active,
        minimum_subtotal_minor=worth.minimum_subtotal_minor,
        now=now,
    )


def days_open(reward: RewardRow, code_days: int) -> int:
    """Return for how many days a redemption can be used or undone.

    Of money that was given no longer than it lasts: what has ended cannot be undone.
    """
    days = reward.offer.code_days or code_days
    life_days = reward_type(reward.type).worth(reward.config, {}).life_days
    return min(days, life_days) if life_days else days


def terms_of(reward: RewardRow) -> dict[str, Any]:
    """Return what a redemption keeps of the reward, whatever becomes of the reward later."""
    offer = reward.offer
    return {
        "type": reward.type,
        "points": reward.points,
        "config": reward.config,
        "offer": {
            "words": dict(offer.words),
            "combines_with": offer.combines_with,
            "product_ids": offer.product_ids,
            "collection_ids": offer.collection_ids,
        },
        "took_stock": offer.stock is not None,
    }
