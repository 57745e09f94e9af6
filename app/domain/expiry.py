"""When points become usable and when they end, by the calendar of the programme."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.program_rules import ExpiryMode, ProgramRules

GRACE_AFTER_RETURN = timedelta(days=7)
"""How long points that came back may at least be used."""
INSTANT = timedelta(microseconds=1)


def available_at(earned_at: datetime, rules: ProgramRules) -> datetime:
    """Return when points earned at `earned_at` become available."""
    return earned_at + timedelta(days=rules.pending_days)


def expires_at(available: datetime, rules: ProgramRules, iana_timezone: str) -> datetime | None:
    """Return until when points are promised as they are earned; None when they never expire.

    That is the end of a day in the programme's time zone: the day on which they become available,
    calendar months (31 January plus one month is the last of February) or days later. Where the whole
    balance ends after a time without activity, every activity moves it on; see `ExpiryTerms`. The
    answer is in UTC.
    """
    return _after(available, rules.expiry_months, rules.expiry_days, iana_timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryTerm:
    """What the rules said about the end of points for a time; neither months nor days: never."""

    mode: ExpiryMode
    months: int | None
    days: int | None = None
    since: datetime
    until: datetime | None
    """When other terms took over; None: they are in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryTerms:
    """All that a programme's rules ever said about the end of points, and when to warn of it.

    A lot ends at the latest of what it was promised when it was earned and of what every term says
    that was in force from when it became available until it ended: changing the rules never takes
    back a promise, and never brings back what had ended.
    """

    iana_timezone: str
    terms: tuple[ExpiryTerm, ...]
    """The oldest first; two that follow each other differ."""
    warning_days: tuple[int, ...]

    @property
    def are_promises(self) -> bool:
        """Whether every lot ends as it was promised: the rules never said anything else."""
        return len(self.terms) == 1 and self.terms[0].mode == "lot"

    def may_have_ended(self, last_active_at: datetime, now: datetime) -> bool:
        """Return whether points can have ended by `now` for want of activity since."""
        ends = (
            _after(last_active_at, term.months, term.days, self.iana_timezone)
            for term in self.terms
            if term.mode == "inactivity"
        )
        return any(end is not None and end <= now for end in ends)

    def end_of(
        self, promised: datetime | None, available: datetime, last_active_at: datetime
    ) -> datetime | None:
        """Return when points end that became available at `available`; None: never.

        Activity counts for a term as long as it was in force; points that became available after
        the last activity count from then. Never earlier than `promised`.
        """
        if self.are_promises:
            return promised
        end = promised
        for term in self.terms:
            if end is None:
                return None
            if term.until is not None and term.until <= available:
                continue
            if term.since >= end:
                break
            start = available
            if term.mode == "inactivity":
                active_at = (
                    last_active_at if term.until is None else min(last_active_at, term.until)
                )
                start = max(available, active_at)
            end = self._later(end, start, term)
        return end

    def _later(self, end: datetime, start: datetime, term: ExpiryTerm) -> datetime | None:
        later = _after(start, term.months, term.days, self.iana_timezone)
        return None if later is None else max(end, later)


def expiry_terms(
    versions: Iterable[tuple[datetime, ProgramRules]], iana_timezone: str
) -> ExpiryTerms:
    """Return the terms of rule versions (each from when on, the oldest first)."""
    begun: list[tuple[datetime, ProgramRules]] = []
    newest = ProgramRules()
    for since, newest in versions:
        if not begun or _term(begun[-1][1]) != _term(newest):
            begun.append((since, newest))
    ends = [since for since, _ in begun[1:]]
    return ExpiryTerms(
        iana_timezone=iana_timezone,
        terms=tuple(
            ExpiryTerm(
                mode=rules.expiry_mode,
                months=rules.expiry_months,
                days=rules.expiry_days,
                since=since,
                until=until,
            )
            for (since, rules), until in zip(begun, [*ends, None], strict=True)
        ),
        warning_days=tuple(sorted(newest.warning_days)),
    )


def _term(rules: ProgramRules) -> tuple[str, int | None, int | None]:
    return (rules.expiry_mode, rules.expiry_months, rules.expiry_days)


def _after(
    start: datetime, months: int | None, days: int | None, iana_timezone: str
) -> datetime | None:
    """Return the end of the day that lies days, or calendar months, after the day of `start`."""
    if months is None and days is None:
        return None
    zone = _zone(iana_timezone)
    day = start.astimezone(zone).date()
    later = add_months(day, months or 0) if days is None else day + timedelta(days=days)
    return _end_of_day(later, zone)


def last_moment(end: datetime | None) -> datetime | None:
    """Return the last moment before an end: the day on which points can be used for the last time."""
    return None if end is None else end - INSTANT


@lru_cache(maxsize=4096)
def _end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the midnight that ends `day`."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """Return the same day some calendar months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
