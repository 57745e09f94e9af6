"""Levels of a programme: what each asks and gives, and which one a measure reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.expiry import add_months

TierEntry = Literal["threshold", "invitation", "tag", "company"]
"""By the programme's measure; by staff's pin only; for a customer tag; for a company's customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLevel:
    """One level: how it is entered, where it stands, and what it gives."""

    id: int
    name: str
    rank: int
    """Its place, from low to high."""
    entry: TierEntry = "threshold"
    entry_value: str | None = None
    """The tag, or the company's number; None with `company`: any company."""
    threshold: int | None
    """From which measure on: minor units, points or orders; None unless entered by threshold."""
    hidden: bool = False
    """Not shown to members who do not hold it."""
    multiplier_bp: int
    entry_points: int = 0
    yearly_points: int = 0
    birthday_points: int = 0
    free_shipping: bool = False
    customer_tag: str | None = None
    """The tag that its members' customers carry at Shopify."""


def level_for(levels: Sequence[TierLevel], measure: int) -> TierLevel | None:
    """Return the highest level by threshold that `measure` reaches; `levels` go from low to high."""
    reached = None
    for level in levels:
        if level.threshold is not None and level.threshold <= measure:
            reached = level
    return reached


def level_by_id(levels: Sequence[TierLevel], tier_id: int | None) -> TierLevel | None:
    """Return one level, None when there is none such (any more)."""
    return next((level for level in levels if level.id == tier_id), None)


def rank_of(levels: Sequence[TierLevel], tier_id: int | None) -> int:
    """Return where a level stands among the others; 0, below all, for no level."""
    level = level_by_id(levels, tier_id)
    return level.rank if level else 0


def holds(levels: Sequence[TierLevel], tier_id: int | None, wanted_id: int) -> bool:
    """Return whether who holds `tier_id` has what is kept for members of `wanted_id` and above.

    Nobody has what is kept for a level that is gone.
    """
    wanted = level_by_id(levels, wanted_id)
    return wanted is not None and rank_of(levels, tier_id) >= wanted.rank


def shown_levels(levels: Sequence[TierLevel], tier_id: int | None) -> list[TierLevel]:
    """Return the levels that a member who holds `tier_id` may know of."""
    return [level for level in levels if not level.hidden or level.id == tier_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierProgress:
    """Where a member stands on the way to the next level."""

    current: TierLevel | None
    next: TierLevel | None
    remaining_minor: int
    """Spend still missing; 0 at the top."""
    percent: int
    """Of the next threshold, rounded down; 100 at the top."""


def window_start(now: datetime) -> datetime:
    """Return the moment from which spend counts: the same time of day 12 calendar months back."""
    return datetime.combine(add_months(now.date(), -12), now.timetz())


def progress(
    levels: Sequence[TierLevel], measure: int, current_id: int | None = None
) -> TierProgress:
    """Return the way to the level above the one held: `current_id`, else the one earned."""
    earned = level_for(levels, measure)
    current = next((level for level in levels if level.id == current_id), earned)
    floor = current.rank if current else 0
    following = next(
        (level for level in levels if level.rank > floor and level.threshold is not None), None
    )
    if following is None or not following.threshold:
        return TierProgress(current=current, next=None, remaining_minor=0, percent=100)
    return TierProgress(
        current=current,
        next=following,
        remaining_minor=max(following.threshold - measure, 0),
        percent=min(100 * measure // following.threshold, 100),
    )
