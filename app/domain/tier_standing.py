"""Where a member stands among the tiers: the one place that reckons it for every screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.tier_review import DayAmount, HeldTier, falls_on, measured
from app.domain.tier_terms import TierMeasure, TierTerms, local_day
from app.domain.tiers import TierLevel, level_by_id, level_for

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStanding:
    """The tier held, the way to the next, and until when and by what the tier is kept."""

    measure: TierMeasure
    amount: int
    """What counts today: minor units, points or orders."""
    current: TierLevel | None
    next: TierLevel | None
    """The level above that can be reached by the measure and is not hidden."""
    missing: int
    """To the next; 0 at the top."""
    percent: int
    """Of the next threshold, rounded down; 100 at the top."""
    kept_until: date | None
    """The last day of the tier, in the programme's time zone, if nothing more is done; None: it is
    kept for good."""
    keep_missing: int
    """How much more, by `kept_until`, keeps the tier; 0 when nothing can or need be done."""
    keep_from: date | None
    """From which day on it has to be done; None: what is done now counts."""
    in_grace: bool
    """Whether the tier is no longer earned today."""
    is_pinned: bool
    """Whether staff gave it; then nothing is missing."""

    @property
    def remaining_minor(self) -> int:
        """What is missing to the next."""
        return self.missing


def tier_standing(
    levels: Sequence[TierLevel],
    terms: TierTerms,
    held: HeldTier,
    days: Sequence[DayAmount],
    *,
    now: datetime,
    iana_timezone: str,
) -> TierStanding:
    """Return where a member stands; who holds no tier yet stands where the measure reaches."""
    today = local_day(now, iana_timezone)
    amount = measured(terms, days, today)
    current = level_by_id(levels, held.tier_id) or level_for(levels, amount)
    pinned = held.is_pinned(now)
    following = None if pinned else _next(levels, current)
    threshold = following.threshold if following and following.threshold else 0
    kept_until = _kept_until(levels, terms, held, days, current, now, iana_timezone)
    keep_missing = 0
    if kept_until and current and current.threshold and not pinned:
        keep_missing = max(current.threshold - measured(terms, days, kept_until), 0)
    return TierStanding(
        measure=terms.measure,
        amount=amount,
        current=current,
        next=following,
        missing=max(threshold - amount, 0),
        percent=min(100 * amount // threshold, 100) if threshold else 100,
        kept_until=kept_until,
        keep_missing=keep_missing,
        keep_from=_keep_from(terms, today, kept_until) if keep_missing else None,
        in_grace=held.tier_until is not None and not pinned,
        is_pinned=pinned,
    )


def _next(levels: Sequence[TierLevel], current: TierLevel | None) -> TierLevel | None:
    rank = current.rank if current else 0
    above = [
        level
        for level in levels
        if level.threshold is not None and level.rank > rank and not level.hidden
    ]
    return min(above, key=lambda level: level.rank, default=None)


def _kept_until(
    levels: Sequence[TierLevel],
    terms: TierTerms,
    held: HeldTier,
    days: Sequence[DayAmount],
    current: TierLevel | None,
    now: datetime,
    iana_timezone: str,
) -> date | None:
    if held.is_pinned(now):
        return _day_before(held.pinned_until, iana_timezone)
    if current is None or not current.threshold or terms.loss == "never":
        return None
    granted = level_by_id(levels, held.granted_tier_id)
    if granted is not None and granted.rank >= current.rank:
        return None
    if held.tier_until is not None:
        return _day_before(held.tier_until, iana_timezone)
    falls = falls_on(terms, days, current.threshold)
    return falls + timedelta(days=terms.grace_days - 1) if falls else None


def _day_before(ends_at: datetime | None, iana_timezone: str) -> date | None:
    return local_day(ends_at - _INSTANT, iana_timezone) if ends_at else None


def _keep_from(terms: TierTerms, today: date, kept_until: date | None) -> date | None:
    if terms.window != "calendar" or kept_until is None or kept_until.year == today.year:
        return None
    return date(kept_until.year, 1, 1)
