"""Levels of a programme: which one a measure reaches, and how far the next one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.expiry import add_months

WINDOW_MONTHS = 12
GRACE = timedelta(days=30)
"""How long a tier is kept after the measure fell below its threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLevel:
    """One level: from which spend in the window on, and how many times the points it gives."""

    id: int
    name: str
    threshold_minor: int
    multiplier_bp: int


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
    return datetime.combine(add_months(now.date(), -WINDOW_MONTHS), now.timetz())


def level_for(levels: Sequence[TierLevel], measure_minor: int) -> TierLevel | None:
    """Return the highest level that `measure_minor` reaches; `levels` go from low to high."""
    reached = None
    for level in levels:
        if level.threshold_minor > measure_minor:
            break
        reached = level
    return reached


def progress(
    levels: Sequence[TierLevel], measure_minor: int, current_id: int | None = None
) -> TierProgress:
    """Return the way to the level above the one held: `current_id`, else the one earned."""
    earned = level_for(levels, measure_minor)
    current = next((level for level in levels if level.id == current_id), earned)
    floor = current.threshold_minor if current else -1
    following = next((level for level in levels if level.threshold_minor > floor), None)
    if following is None:
        return TierProgress(current=current, next=None, remaining_minor=0, percent=100)
    return TierProgress(
        current=current,
        next=following,
        remaining_minor=max(following.threshold_minor - measure_minor, 0),
        percent=min(100 * measure_minor // following.threshold_minor, 100),
    )
