"""A programme's rules as they stood at any moment, with its tiers."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from app.domain.award import Pin
from app.domain.expiry import ExpiryTerms, expiry_terms
from app.domain.program_rules import ProgramRules
from app.domain.tier_terms import DEFAULT_TERMS, TierTerms
from app.domain.tiers import TierLevel, level_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of one programme."""

    program_id: int
    iana_timezone: str
    earning_starts_at: datetime
    versions: tuple[tuple[datetime, int, ProgramRules], ...]
    """(effective_from, id, rules), the oldest first."""
    tiers: tuple[TierLevel, ...]
    """From low to high."""
    tier_terms: TierTerms = DEFAULT_TERMS

    @property
    def newest(self) -> ProgramRules:
        """The rules that were published last."""
        return self.versions[-1][2]

    @property
    def expiry_terms(self) -> ExpiryTerms:
        """What all versions say about the end of points."""
        versions = [(since, rules) for since, _, rules in self.versions]
        return expiry_terms(versions, self.iana_timezone)

    def in_force(self, at: datetime) -> tuple[int, ProgramRules]:
        """Return the version id and the rules at `at`; the first ones for all time before them."""
        index = 0
        if len(self.versions) > 1:
            index = max(bisect_right(self.versions, at, key=_effective_from) - 1, 0)
        _, version_id, rules = self.versions[index]
        return version_id, rules

    def pinned(self, pin: Pin) -> ProgramRules:
        """Return the rules of the version that an award is pinned to."""
        return next(rules for _, version, rules in self.versions if version == pin.rule_version_id)

    def tier(self, tier_id: int | None) -> TierLevel | None:
        """Return one tier, None when it does not exist any more."""
        return level_by_id(self.tiers, tier_id)


def _effective_from(version: tuple[datetime, int, ProgramRules]) -> datetime:
    return version[0]
