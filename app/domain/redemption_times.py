"""When jobs look at a redemption, and for how long what is under way is waited for."""

from datetime import datetime, timedelta

SETTLED_AFTER = timedelta(seconds=6)
"""Longer than a shopper's own request takes, so that it is left alone."""
LEASE = timedelta(seconds=30)
"""Longer than a job's look at one redemption takes, so that two jobs do not look at once."""
GIVEN_UP_AFTER = timedelta(hours=1)
"""What nobody was shown for so long is not made any more."""
LAPSE_GRACE = timedelta(hours=1)
"""An order that used a code in its last minute may still be on its way to us."""
LATE_MAKE = timedelta(minutes=2)
"""How much later than it was asked for Shopify may still make something."""
PAUSE_MAX = timedelta(hours=1)
TIDYING_PAUSE_MAX = timedelta(days=1)
"""Of what only tidies up: the member has the points back."""


def next_look(since: datetime, now: datetime, pause_max: timedelta = PAUSE_MAX) -> datetime:
    """Return when to look again at what has not ended since a moment: ever more seldom."""
    return now + min(max((now - since) / 4, SETTLED_AFTER), pause_max)


def look_after_release(asked_at: datetime, now: datetime) -> datetime | None:
    """Return when to look once more for what Shopify may make late; None: it no longer can."""
    latest = asked_at + LATE_MAKE
    return latest if now < latest else None
