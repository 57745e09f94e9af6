"""Orders from before earning began: they earn only when back-fill grants it, from then on."""

from datetime import datetime

from app.domain.expiry import available_at
from app.domain.program_rules import ProgramRules


def earned_at(paid_at: datetime, granted_at: datetime | None) -> datetime:
    """Return when an order earned: when it was paid, or when a past one was granted."""
    return paid_at if granted_at is None else max(paid_at, granted_at)


def lot_starts_at(paid_at: datetime, granted_at: datetime | None, rules: ProgramRules) -> datetime:
    """Return when an order's points become available.

    A granted order waits no longer than any other after its payment, and never less than until
    the grant: its lot runs from there.
    """
    starts_at = available_at(paid_at, rules)
    return starts_at if granted_at is None else max(starts_at, granted_at)
