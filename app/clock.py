"""The one place that reads the time; in development it may run ahead of the wall clock."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import requests

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


def read_offset(url: str) -> timedelta | None:
    """Return the development store's offset, or None when it does not answer."""
    try:
        answer = requests.get(url, timeout=2)
        answer.raise_for_status()
        return timedelta(seconds=float(answer.json()["offset_seconds"]))
    except (requests.RequestException, KeyError, TypeError, ValueError):
        return None


def follow(url: str, on_jump: Callable[[], None] | None = None, *, every_s: float = 1.0) -> None:
    """Keep the business time at what the development store says, in a daemon thread.

    Development only. The first reading is taken before this returns; `on_jump` is called after
    each change, that one included.
    """

    def read() -> None:
        offset = read_offset(url)
        if offset is not None and set_offset(offset) and on_jump is not None:
            on_jump()

    def loop() -> None:
        while True:
            time.sleep(every_s)
            read()

    read()
    threading.Thread(target=loop, name="development-clock", daemon=True).start()
