"""Sets up a programme with the defaults of its currency."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.ids import allocate_ids
from app.db.models import Program, Reward, RuleVersion, Tier
from app.domain.program_defaults import default_rewards, default_rules, default_tiers
from app.domain.program_rules import ProgramRules

POINTS_NAME = {"en": {"one": "point", "other": "points"}, "th": {"other": "คะแนน"}}
APPEARANCE = {"colour": "#1f5f4a", "corner": "right", "icon": "🌸"}


def create_program(
    session: Session,
    *,
    name: str,
    currency: str,
    iana_timezone: str,
    now: datetime,
    earning_starts_at: datetime | None = None,
    rules: ProgramRules | None = None,
) -> int:
    """Create a programme with default rules, tiers and rewards; return its id.

    Names it as the transaction's tenant, so that what follows may write to it. Orders from
    `earning_starts_at` (default: now) on earn.
    """
    [program_id] = allocate_ids(session, Program, 1)
    session.execute(
        text("select set_config('app.program_id', :program_id, true)"),
        {"program_id": str(program_id)},
    )
    starts_at = earning_starts_at or now
    session.add(
        Program(
            id=program_id,
            name=name,
            currency=currency,
            iana_timezone=iana_timezone,
            earning_starts_at=starts_at,
            points_name=POINTS_NAME,
            appearance=APPEARANCE,
            widget_version=1,
            widget_pushed_version=0,
            tiers_settled=True,
            created_at=now,
        )
    )
    session.flush()
    session.add(
        RuleVersion(
            program_id=program_id,
            number=1,
            effective_from=starts_at,
            config=asdict(rules or default_rules(currency)),
            published_at=now,
            published_by="system",
        )
    )
    _add_tiers(session, program_id, currency)
    _add_rewards(session, program_id, currency, now)
    session.flush()
    return program_id


def _add_tiers(session: Session, program_id: int, currency: str) -> None:
    session.add_all(
        Tier(
            program_id=program_id,
            rank=rank,
            name=tier.name,
            threshold=tier.threshold,
            multiplier_bp=tier.multiplier_bp,
        )
        for rank, tier in enumerate(default_tiers(currency), 1)
    )


def _add_rewards(session: Session, program_id: int, currency: str, now: datetime) -> None:
    session.add_all(
        Reward(
            program_id=program_id,
            type=reward.type,
            points=reward.points,
            config=dict(reward.config),
            position=position,
            active=True,
            created_at=now,
            archived_at=None,
        )
        for position, reward in enumerate(default_rewards(currency), 1)
    )
