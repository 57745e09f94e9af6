"""Where a member stands at a moment: what can be spent, what is coming and what ends next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.ledger import Account

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePoints:
    """Points and the day, in the programme's time zone, on which something happens to them."""

    points: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A member's points as a shopper reads them."""

    available: int
    """0 while points are owed."""
    owed: int
    pending: int
    held: int
    next_available: DuePoints | None
    """What of `pending` can be used first, and from which day on."""
    next_expiry: DuePoints | None
    """What of `available` ends first, and the last day on which it can be used."""
    expiry_is_near: bool
    """Whether a warning of it is due."""


def standing_of(account: Account, now: datetime, iana_timezone: str) -> Standing:
    """Return where the account stands at `now`, late jobs notwithstanding.

    What is due to mature or expire by `now` is counted as done; `account` must not be saved after.
    """
    account.bring_up_to(now)
    zone = ZoneInfo(iana_timezone)
    open_lots = [lot for lot in account.lots if lot.remaining]
    coming = [(lot.available_at, lot.remaining) for lot in open_lots if not lot.matured]
    ending = [
        (lot.expires_at - INSTANT, lot.remaining)
        for lot in open_lots
        if lot.matured and lot.expires_at is not None
    ]
    return Standing(
        available=max(account.available, 0),
        owed=account.debt,
        pending=account.pending,
        held=account.held,
        next_available=_first_day(coming, zone),
        next_expiry=_first_day(ending, zone),
        expiry_is_near=bool(account.due_warnings(now)),
    )


def _first_day(moments: Collection[tuple[datetime, int]], zone: ZoneInfo) -> DuePoints | None:
    """Return the points of the earliest day, all those of that day together."""
    if not moments:
        return None
    day = min(moments)[0].astimezone(zone).date()
    until = datetime.combine(day + DAY, time(), zone).astimezone(UTC)
    return DuePoints(points=sum(points for moment, points in moments if moment < until), on=day)
