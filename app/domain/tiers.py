"""Levels of a programme: what each asks and gives, and which one a measure reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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
    for level in levels:
        if level.id == tier_id:
            return level
    return None


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
