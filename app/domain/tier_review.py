"""Decides a member's tier; app.db.tier_reviews decides the same for many at once, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from app.domain.tier_terms import TierTerms, first_day, leaves_on, local_day, midnight
from app.domain.tiers import TierLevel, level_by_id, level_for, rank_of

TierReason = Literal[
    "reached",
    "lost",
    "pinned",
    "unpinned",
    "tag",
    "company",
    "settings",
    "merged",
    "backfill",
]
"""Why a member's tier changed."""


class DayAmount(NamedTuple):
    """What a member did on a day, in the programme's measure."""

    day: date
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTier:
    """The tier that a member holds, and by what."""

    tier_id: int | None = None
    tier_until: datetime | None = None
    """When it is lost unless the measure recovers before; None while it is earned."""
    pinned_tier_id: int | None = None
    pinned_until: datetime | None = None
    """When the pin ends; None: when staff ends it."""
    granted_tier_id: int | None = None
    """The best tier that a tag or a company opens; the member never stands below it."""
    review_at: datetime | None = None
    """The first moment at which time alone may change the tier; in the past: review it."""

    def is_pinned(self, now: datetime) -> bool:
        """Return whether staff's pin is in force."""
        return self.pinned_tier_id is not None and (
            self.pinned_until is None or self.pinned_until > now
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDecision:
    """The tier that a member holds from now on."""

    tier_id: int | None
    tier_until: datetime | None
    review_at: datetime | None
    reason: TierReason | None
    """None when the tier stays."""
    measure: int


def measured(terms: TierTerms, days: Sequence[DayAmount], on: date) -> int:
    """Return what counts on a day, of what was done up to it or is known of the days after."""
    first = first_day(terms.window, on)
    if terms.window == "calendar":
        return sum(done.amount for done in days if first <= done.day and done.day.year == on.year)
    return sum(done.amount for done in days if done.day >= first)


def falls_on(terms: TierTerms, days: Sequence[DayAmount], threshold: int) -> date | None:
    """Return the day on which the measure falls below a threshold if nothing more is done.

    It may be past. None: never, or the threshold was never reached.
    """
    total, year = 0, 0
    for done in sorted(days, reverse=True):
        if terms.window == "calendar" and done.day.year != year:
            total, year = 0, done.day.year
        total += done.amount
        if done.amount and total >= threshold > 0:
            return leaves_on(terms.window, done.day)
    return None


def review_tier(
    levels: Sequence[TierLevel],
    terms: TierTerms,
    held: HeldTier,
    days: Sequence[DayAmount],
    *,
    now: datetime,
    iana_timezone: str,
    settings_changed: bool = False,
) -> TierDecision:
    """Return the tier that the member holds at `now`, and when to look again.

    A pin comes first. A tier that is no longer earned is kept for the days of grace, counted from
    the day the measure fell, however late this is asked; after new settings, from today.
    """
    review = _Review(levels, terms, held, days, now, iana_timezone, settings_changed)
    return review.decide()


@dataclass(slots=True)
class _Review:
    levels: Sequence[TierLevel]
    terms: TierTerms
    held: HeldTier
    days: Sequence[DayAmount]
    now: datetime
    iana_timezone: str
    settings_changed: bool

    def decide(self) -> TierDecision:
        if self.held.is_pinned(self.now):
            pinned, until = self.held.pinned_tier_id, self.held.pinned_until
            return self._decision(pinned, None, until, "pinned")
        current = level_by_id(self.levels, self.held.tier_id)
        earned, target = self._earned(), self._target()
        if current is None or (target is not None and target.rank >= current.rank):
            return self._moves_to(target, earned, "reached")
        if self.held.pinned_tier_id is not None:
            return self._moves_to(target, earned, "unpinned")
        if current.threshold is None:
            return self._moves_to(target, earned, "lost")
        return self._is_no_longer_earned(current, target, earned)

    def _earned(self) -> TierLevel | None:
        return level_for(self.levels, self._measure())

    def _target(self) -> TierLevel | None:
        """Return the better of the level earned and the one granted."""
        granted = level_by_id(self.levels, self.held.granted_tier_id)
        earned = self._earned()
        if granted is None or (earned is not None and earned.rank >= granted.rank):
            return earned
        return granted

    def _measure(self) -> int:
        return measured(self.terms, self.days, self._today())

    def _today(self) -> date:
        return local_day(self.now, self.iana_timezone)

    def _is_no_longer_earned(
        self, current: TierLevel, target: TierLevel | None, earned: TierLevel | None
    ) -> TierDecision:
        if self.terms.loss == "never":
            return self._decision(current.id, None, None, None)
        until = self.held.tier_until or midnight(
            self._fell_on(current) + timedelta(days=self.terms.grace_days), self.iana_timezone
        )
        if until > self.now:
            return self._decision(current.id, until, until, None)
        if self.terms.loss == "step":
            below = self._below(current)
            if below is not None and below.rank > (target.rank if target else 0):
                next_until = self._next_step(local_day(until, self.iana_timezone))
                return self._decision(below.id, next_until, next_until, "lost")
        return self._moves_to(target, earned, "lost")

    def _fell_on(self, current: TierLevel) -> date:
        review_at = self.held.review_at
        if self.settings_changed or review_at is None or review_at > self.now:
            return self._today()
        noted = local_day(review_at, self.iana_timezone)
        reckoned = falls_on(self.terms, self.days, current.threshold or 0)
        return max(noted, min(reckoned, self._today())) if reckoned else noted

    def _below(self, current: TierLevel) -> TierLevel | None:
        lower = [
            level
            for level in self.levels
            if level.threshold is not None and level.rank < current.rank
        ]
        return max(lower, key=lambda level: level.rank, default=None)

    def _next_step(self, lost_on: date) -> datetime:
        """Return when the tier below is lost in turn: a window later, with its grace."""
        if self.terms.window == "calendar":
            year_ends = date(lost_on.year + 1, 1, 1)
            return midnight(year_ends + timedelta(days=self.terms.grace_days), self.iana_timezone)
        return midnight(leaves_on("rolling", lost_on) or lost_on, self.iana_timezone)

    def _moves_to(
        self, target: TierLevel | None, earned: TierLevel | None, reason: TierReason
    ) -> TierDecision:
        if target is None:
            return self._decision(None, None, None, reason)
        falls = None
        if target is earned and target.threshold and self.terms.loss != "never":
            day = falls_on(self.terms, self.days, target.threshold)
            falls = midnight(day, self.iana_timezone) if day else None
        return self._decision(target.id, None, falls, reason)

    def _decision(
        self,
        tier_id: int | None,
        until: datetime | None,
        review_at: datetime | None,
        reason: TierReason | None,
    ) -> TierDecision:
        changes = tier_id != self.held.tier_id
        return TierDecision(
            tier_id=tier_id,
            tier_until=until,
            review_at=review_at,
            reason=self._told(tier_id, reason) if changes else None,
            measure=self._measure(),
        )

    def _told(self, tier_id: int | None, reason: TierReason | None) -> TierReason | None:
        """Return the reason as it is recorded: tags and companies are named, and new settings."""
        if reason in ("pinned", "unpinned"):
            return reason
        old = level_by_id(self.levels, self.held.tier_id)
        new = level_by_id(self.levels, tier_id)
        rises = rank_of(self.levels, tier_id) > rank_of(self.levels, self.held.tier_id)
        for level in (new,) if rises else (old,):
            if level is not None and level.entry in ("tag", "company"):
                return "tag" if level.entry == "tag" else "company"
        if self.settings_changed:
            return "settings"
        return "reached" if rises else "lost"
