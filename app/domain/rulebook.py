"""A programme's rules as they stood at any moment, with its tiers."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.award import Pin
from app.domain.expiry import ExpiryTerms, expiry_terms
from app.domain.program_rules import ProgramRules
from app.domain.tier_terms import DEFAULT_TERMS, TierTerms
from app.domain.tiers import TierLevel, level_by_id

Version = tuple[datetime, int, ProgramRules]
"""(effective_from, id, rules)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of one programme."""

    program_id: int
    iana_timezone: str
    earning_starts_at: datetime
    versions: tuple[Version, ...]
    """The oldest first."""
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
        _, version_id, rules = version_at(self.versions, at)
        return version_id, rules

    def pinned(self, pin: Pin) -> ProgramRules:
        """Return the rules of the version that an award is pinned to."""
        return next(rules for _, version, rules in self.versions if version == pin.rule_version_id)

    def tier(self, tier_id: int | None) -> TierLevel | None:
        """Return one tier, None when it does not exist any more."""
        return level_by_id(self.tiers, tier_id)


def version_at(versions: Sequence[Version], at: datetime) -> Version:
    """Return the version in force at `at`, of the oldest first; that one for all time before it."""
    if len(versions) == 1:
        return versions[0]
    return versions[max(bisect_right(versions, at, key=_effective_from) - 1, 0)]


def _effective_from(version: Version) -> datetime:
    return version[0]
