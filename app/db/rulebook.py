"""Reads a programme's rules as they stood at any moment, with its tiers: once a transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Program, RuleVersion, Tier
from app.domain.errors import RuleNotFound
from app.domain.expiry import ExpiryTerms, expiry_terms
from app.domain.program_rules import rules_from_json
from app.domain.rulebook import Rulebook
from app.domain.tiers import TierLevel


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


def load_expiry_terms(session: Session) -> ExpiryTerms:
    """Return what the rules of the tenant's programme ever said about the end of points."""
    rows = session.execute(
        select(RuleVersion.effective_from, RuleVersion.config, Program.iana_timezone)
        .join(Program, Program.id == RuleVersion.program_id)
        .order_by(RuleVersion.effective_from, RuleVersion.number)
    ).all()
    versions = [(row.effective_from, rules_from_json(row.config)) for row in rows]
    return expiry_terms(versions, rows[0].iana_timezone if rows else "UTC")


def load_tiers(session: Session, program_id: int) -> tuple[TierLevel, ...]:
    """Return the programme's tiers from low to high."""
    rows = session.execute(
        select(Tier.id, Tier.name, Tier.threshold_minor, Tier.multiplier_bp)
        .where(Tier.program_id == program_id)
        .order_by(Tier.threshold_minor)
    )
    return tuple(TierLevel(**row._mapping) for row in rows)
