"""The one place that reads the time; in development it may run ahead of the wall clock."""

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def utc_now() -> datetime:
    """Return the business time, aware and in UTC: the wall clock plus the development offset."""
    return datetime.now(UTC) + _offset


def wall_now() -> datetime:
    """Return the real time, aware and in UTC, for tokens and signatures that Shopify dates."""
    return datetime.now(UTC)


def set_offset(offset: timedelta) -> bool:
    """Move the business time; return whether that changed it. Development and tests only."""
    global _offset
    changed = offset != _offset
    _offset = offset
    return changed
