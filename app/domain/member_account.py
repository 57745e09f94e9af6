"""A member while their points move: the account and what else a move may change."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.expiry import ExpiryTerms
from app.domain.ledger import Account, ExpiryWarning


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
    pinned_tier_id: int | None = None
    pinned_until: datetime | None = None
    tier_review_at: datetime | None = None
    """The first moment at which time alone may change the tier; in the past: review it."""
    has_all_lots: bool = False
    changed: bool = False
    """Whether anything besides the balances did."""
    terms: ExpiryTerms | None = None
    """What was last said about the end of its points."""

    def is_pinned(self, now: datetime) -> bool:
        """Return whether staff gave the tier, whatever is measured."""
        return self.pinned_tier_id is not None and (
            self.pinned_until is None or self.pinned_until > now
        )

    def due_by(self, now: datetime) -> bool:
        """Return whether a lot matures or expires, or a warning is due, by `now`.

        A lot may turn out to end later than that, never earlier.
        """
        return self.next_due_at is not None and self.next_due_at <= now

    def bring_up_to(self, now: datetime, terms: ExpiryTerms | None = None) -> bool:
        """Mature and expire what is due by `now`, under `terms` or those known; return if any was.

        This comes before every other move, so a job that is late changes nothing.
        """
        self.terms = terms or self.terms
        if self.terms is not None:
            self.account.apply_terms(self.terms, self.last_active_at, now)
        return self.account.bring_up_to(now)

    def be_active(self, at: datetime, now: datetime) -> None:
        """Note that the member earned or spent at `at`, which may be long ago.

        What expired since for want of activity comes back; those lots have to be known here.
        """
        if at <= self.last_active_at:
            return
        self.last_active_at = at
        if self.terms is not None and not self.terms.are_promises:
            self.account.revive(self.terms, at, now)

    def look_ahead(self, now: datetime) -> list[ExpiryWarning]:
        """Note when something is due next; return the warnings that are due now."""
        account = self.account
        if self.terms is not None:
            account.apply_terms(self.terms, self.last_active_at, now)
        if self.has_all_lots:
            self.next_due_at = account.next_due(now)
            return [] if self.closed_at else account.due_warnings(now)
        # Only new lots are known here: what was due before stays due.
        moments = [account.next_due(now), self.next_due_at]
        self.next_due_at = min((moment for moment in moments if moment), default=None)
        return []
