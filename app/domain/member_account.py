"""A member while their points move: the account and what else a move may change."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.ledger import Account


@dataclass(slots=True, kw_only=True)
class MemberAccount:
    """A member: the account, the end of its chain, and what else a move may change."""

    account: Account
    chain_head: bytes
    tier_id: int | None
    tier_since: datetime | None
    tier_until: datetime | None
    last_active_at: datetime
    next_due_at: datetime | None
    closed_at: datetime | None
    version: int
    has_all_lots: bool = False
    changed: bool = False
    """Whether anything besides the balances did."""

    def due_by(self, now: datetime) -> bool:
        """Return whether a lot matures or expires by `now`."""
        return self.next_due_at is not None and self.next_due_at <= now
