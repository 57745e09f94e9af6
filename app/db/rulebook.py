"""A programme's rules as they stood at any moment, with its tiers: read once a transaction."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Program, RuleVersion, Tier
from app.domain.award import Pin
from app.domain.errors import RuleNotFound
from app.domain.program_rules import ProgramRules, rules_from_json
from app.domain.tiers import TierLevel


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

    @property
    def newest(self) -> ProgramRules:
        """The rules that were published last."""
        return self.versions[-1][2]

    def in_force(self, at: datetime) -> tuple[int, ProgramRules]:
        """Return the version id and the rules at `at`; the first ones for all time before them."""
        index = bisect_right(self.versions, at, key=_effective_from) - 1
        _, version_id, rules = self.versions[max(index, 0)]
        return version_id, rules

    def pinned(self, pin: Pin) -> ProgramRules:
        """Return the rules of the version that an award is pinned to."""
        return next(rules for _, version, rules in self.versions if version == pin.rule_version_id)

    def tier(self, tier_id: int | None) -> TierLevel | None:
        """Return one tier, None when it does not exist any more."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)


def load_rulebook(session: Session, program_id: int) -> Rulebook:
    """Return the programme's rules; raise RuleNotFound when it has none."""
    program = session.execute(
        select(Program.iana_timezone, Program.earning_starts_at).where(Program.id == program_id)
    ).one_or_none()
    versions = tuple(
        (row.effective_from, row.id, rules_from_json(row.config))
        for row in session.execute(
            select(RuleVersion.effective_from, RuleVersion.id, RuleVersion.config)
            .where(RuleVersion.program_id == program_id)
            .order_by(RuleVersion.effective_from, RuleVersion.number)
        )
    )
    if program is None or not versions:
        raise RuleNotFound(program_id=program_id)
    return Rulebook(
        program_id=program_id,
        iana_timezone=program.iana_timezone,
        earning_starts_at=program.earning_starts_at,
        versions=versions,
        tiers=load_tiers(session, program_id),
    )


def load_tiers(session: Session, program_id: int) -> tuple[TierLevel, ...]:
    """Return the programme's tiers from low to high."""
    rows = session.execute(
        select(Tier.id, Tier.name, Tier.threshold_minor, Tier.multiplier_bp)
        .where(Tier.program_id == program_id)
        .order_by(Tier.threshold_minor)
    )
    return tuple(TierLevel(**row._mapping) for row in rows)


def _effective_from(version: tuple[datetime, int, ProgramRules]) -> datetime:
    return version[0]
