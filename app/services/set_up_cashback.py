"""Prepares a cashback programme; nothing changes for anybody until the merchant says so."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.queries.programs import get_program, newest_rules
from app.domain.cashback import cashback_reward, cashback_rules
from app.services.save_reward import save_reward
from app.services.save_rule_draft import save_rule_draft


def set_up_cashback(
    session: Session, *, program_id: int, name: str, saved_by: str, now: datetime
) -> int:
    """Save a draft of the rules and a reward that is not offered yet; return the draft's id.

    The merchant compares the draft with the live rules, publishes it, and offers the reward.
    """
    currency = get_program(session, program_id).currency
    draft_id = save_rule_draft(
        session,
        program_id=program_id,
        name=name,
        rules=cashback_rules(newest_rules(session, program_id), currency),
        saved_by=saved_by,
        now=now,
    )
    reward = asdict(cashback_reward(currency))
    save_reward(
        session,
        program_id=program_id,
        reward_id=None,
        type=reward["type"],
        points=reward["points"],
        config=reward["config"],
        active=False,
        now=now,
    )
    return draft_id
