"""A programme with the rules in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Program, RuleVersion
from app.domain.program_rules import ProgramRules, rules_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow:
    """A programme's names, looks and money."""

    id: int
    name: str
    currency: str
    iana_timezone: str
    earning_starts_at: datetime
    points_name: dict[str, Any]
    appearance: dict[str, Any]


def get_program(session: Session, program_id: int) -> ProgramRow:
    """Return the programme of the tenant."""
    row = session.execute(
        select(
            Program.id,
            Program.name,
            Program.currency,
            Program.iana_timezone,
            Program.earning_starts_at,
            Program.points_name,
            Program.appearance,
        ).where(Program.id == program_id)
    ).one()
    return ProgramRow(**row._mapping)


def newest_rules(session: Session, program_id: int) -> ProgramRules:
    """Return the rules that were published last."""
    config = session.scalars(
        select(RuleVersion.config)
        .where(RuleVersion.program_id == program_id)
        .order_by(RuleVersion.number.desc())
        .limit(1)
    ).one()
    return rules_from_json(config)
