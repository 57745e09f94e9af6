"""Why a member cannot have a reward now, and what is missing: the one place that says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.domain.reward_offer import RewardOffer

ObstacleCode = Literal[
    "not_offered",
    "not_yet",
    "ended",
    "sold_out",
    "not_for_you",
    "tier",
    "limit_reached",
    "subtotal",
    "not_enough_points",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One reason why not, with what is missing."""

    code: ObstacleCode
    points_missing: int = 0
    points_owed: int = 0
    tier_ids: tuple[int, ...] = ()
    """The tiers that have it."""
    at: datetime | None = None
    """When that changes by itself: it starts, or the limit allows it again."""
    missing_minor: int = 0
    """How much more has to be in the cart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A member who may want a reward."""

    available: int
    tier_id: int | None
    customer_tags: frozenset[str] | None
    """None: not known, which a reward for some tags takes for not having them."""
    taken_at: Sequence[datetime] = ()
    """When this member took this reward before and did not give it back."""
    subtotal_minor: int | None = None
    """What is in the cart, where the shopper said; None: not known, so nothing is missing."""
    is_open: bool = True


def obstacles(
    offer: RewardOffer,
    claimant: Claimant,
    *,
    points: int,
    offered: bool,
    minimum_subtotal_minor: int,
    now: datetime,
) -> tuple[Obstacle, ...]:
    """Return every reason why `claimant` cannot have a reward for `points`, the firmest first."""
    found = [
        *_of_the_reward(offer, offered and claimant.is_open, now),
        *_of_the_member(offer, claimant, now),
    ]
    subtotal = claimant.subtotal_minor
    if subtotal is not None and subtotal < minimum_subtotal_minor:
        found.append(Obstacle(code="subtotal", missing_minor=minimum_subtotal_minor - subtotal))
    if points > claimant.available:
        found.append(
            Obstacle(
                code="not_enough_points",
                points_missing=points - max(claimant.available, 0),
                points_owed=max(-claimant.available, 0),
            )
        )
    return tuple(found)


def _of_the_reward(offer: RewardOffer, offered: bool, now: datetime) -> list[Obstacle]:
    if not offered:
        return [Obstacle(code="not_offered")]
    if offer.ends_at is not None and offer.ends_at <= now:
        return [Obstacle(code="ended")]
    found = []
    if offer.starts_at is not None and now < offer.starts_at:
        found.append(Obstacle(code="not_yet", at=offer.starts_at))
    if offer.stock is not None and offer.stock <= 0:
        found.append(Obstacle(code="sold_out"))
    return found


def _of_the_member(offer: RewardOffer, claimant: Claimant, now: datetime) -> list[Obstacle]:
    found = []
    tags = {tag.casefold() for tag in claimant.customer_tags or ()}
    if offer.customer_tags and tags.isdisjoint(tag.casefold() for tag in offer.customer_tags):
        found.append(Obstacle(code="not_for_you"))
    if offer.tier_ids and claimant.tier_id not in offer.tier_ids:
        found.append(Obstacle(code="tier", tier_ids=offer.tier_ids))
    limit = _limit_reached(offer, claimant, now)
    if limit is not None:
        found.append(limit)
    return found


def _limit_reached(offer: RewardOffer, claimant: Claimant, now: datetime) -> Obstacle | None:
    if offer.member_limit is None:
        return None
    if offer.member_limit_days is None:
        reached = len(claimant.taken_at) >= offer.member_limit
        return Obstacle(code="limit_reached") if reached else None
    window = timedelta(days=offer.member_limit_days)
    counted = sorted(at for at in claimant.taken_at if at > now - window)
    if len(counted) < offer.member_limit:
        return None
    return Obstacle(code="limit_reached", at=counted[-offer.member_limit] + window)
