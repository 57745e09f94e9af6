"""A programme with the rules in force."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import RuleVersion
from app.db.wire import Answer, Trip, one_trip
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


_COLUMNS = tuple(each.name for each in fields(ProgramRow))
_PROGRAM = f"select {', '.join(_COLUMNS)} from program where id = $1::bigint"  # noqa: S608 - our own


def get_program(session: Session, program_id: int) -> ProgramRow:
    """Return the programme of the tenant."""
    with one_trip(session) as trip:
        programs = ask_program(trip, program_id)
    return program_of(programs)


def ask_program(trip: Trip, program_id: int) -> Answer:
    """Ask for the programme of the tenant; see `program_of`."""
    return trip.ask(_PROGRAM, (program_id,))


def program_of(programs: Answer) -> ProgramRow:
    """Return the programme that was asked for."""
    [row] = programs.rows
    return ProgramRow(**dict(zip(_COLUMNS, row, strict=True)))


def newest_rules(session: Session, program_id: int) -> ProgramRules:
    """Return the rules that were published last."""
    config = session.scalars(
        select(RuleVersion.config)
        .where(RuleVersion.program_id == program_id)
        .order_by(RuleVersion.number.desc())
        .limit(1)
    ).one()
    return rules_from_json(config)
