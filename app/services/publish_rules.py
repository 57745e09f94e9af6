"""Publishes new earning rules, in force from now on."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import Program, RuleVersion
from app.domain.errors import RuleNotFound
from app.domain.program_rules import ProgramRules, rules_from_json
from app.services.look_ahead_again import look_ahead_again


def publish_rules(
    session: Session, *, program_id: int, rules: ProgramRules, published_by: str, now: datetime
) -> int:
    """Publish the rules and return their number; the present rules again change nothing.

    What was reckoned keeps the version it is pinned to; orders processed from now on get this one.
    """
    # One publisher at a time, so that numbers follow each other.
    program = session.execute(
        select(Program.id).where(Program.id == program_id).with_for_update(key_share=True)
    ).one_or_none()
    newest = session.scalars(
        select(RuleVersion)
        .where(RuleVersion.program_id == program_id)
        .order_by(RuleVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if program is None or newest is None:
        raise RuleNotFound(program_id=program_id)
    before = rules_from_json(newest.config)
    if before == rules:
        return newest.number
    session.add(
        RuleVersion(
            program_id=program_id,
            number=newest.number + 1,
            effective_from=max(now, newest.effective_from),
            config=asdict(rules),
            published_at=now,
            published_by=published_by,
        )
    )
    session.flush()
    if before.warning_days != rules.warning_days:
        look_ahead_again(session, program_id=program_id, days=rules.warning_days, now=now)
    return newest.number + 1
