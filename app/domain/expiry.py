"""When points become usable and when they end, by the calendar of the programme."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.program_rules import ProgramRules

GRACE_AFTER_RETURN = timedelta(days=7)
"""How long points that came back may at least be used."""


def available_at(earned_at: datetime, rules: ProgramRules) -> datetime:
    """Return when points earned at `earned_at` become available."""
    return earned_at + timedelta(days=rules.pending_days)


def expires_at(available: datetime, rules: ProgramRules, iana_timezone: str) -> datetime | None:
    """Return the end of the day, in the programme's time zone, on which points expire.

    That day is the one on which they became available, calendar months later (31 January plus one
    month is the last of February). None when points never expire. The answer is in UTC.
    """
    if rules.expiry_months is None:
        return None
    zone = _zone(iana_timezone)
    return _end_of_day(add_months(available.astimezone(zone).date(), rules.expiry_months), zone)


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
