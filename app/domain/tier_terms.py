"""By what a programme's tiers are reckoned: the measure, its window, and how a tier is lost."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.domain.expiry import add_months

TierMeasure = Literal["spend", "points", "orders"]
"""Minor units spent; points earned by orders and activities; orders with spend left."""
TierWindow = Literal["rolling", "calendar", "lifetime"]
"""The last 12 months; the calendar year; ever."""
TierLoss = Literal["earned", "step", "never"]
"""To the tier now earned; one tier down, then the next a window later; not at all."""

WINDOW_MONTHS = 12
MOST_GRACE_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTerms:
    """What applies to all tiers of a programme."""

    measure: TierMeasure = "spend"
    window: TierWindow = "rolling"
    grace_days: int = 30
    """How long a tier is kept after the measure fell below its threshold."""
    loss: TierLoss = "earned"


DEFAULT_TERMS = TierTerms()


def first_day(window: TierWindow, today: date) -> date:
    """Return the first of the days that count on `today`."""
    if window == "lifetime":
        return date.min
    if window == "calendar":
        return today.replace(month=1, day=1)
    first = add_months(today, -WINDOW_MONTHS) + timedelta(days=1)
    while add_months(first, WINDOW_MONTHS) <= today:
        first += timedelta(days=1)
    return first


def leaves_on(window: TierWindow, day: date) -> date | None:
    """Return the first day on which `day` counts no more; None: it always counts."""
    if window == "lifetime":
        return None
    if window == "calendar":
        return date(day.year + 1, 1, 1)
    return add_months(day, WINDOW_MONTHS)


def local_day(moment: datetime, iana_timezone: str) -> date:
    """Return the calendar day of a moment in the programme's time zone."""
    return moment.astimezone(ZoneInfo(iana_timezone)).date()


def midnight(day: date, iana_timezone: str) -> datetime:
    """Return the moment in UTC at which a day of the programme's time zone begins."""
    return datetime.combine(day, time(), ZoneInfo(iana_timezone)).astimezone(UTC)
