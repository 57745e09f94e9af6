"""Begins to compare a draft of rules with the live ones."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.models import RuleComparison, RuleVersion
from app.db.queries.order_replay import count_orders
from app.db.queries.rule_drafts import lock_draft


def start_rule_comparison(
    session: Session,
    *,
    program_id: int,
    shop_id: int,
    draft_id: int,
    since: datetime,
    until: datetime,
    now: datetime,
) -> int:
    """Note what is to be compared, in place of the draft's last comparison; return its id.

    Both rules are kept as they stand now: what changes while orders are reckoned changes nothing.
    `compare_rules` does the reckoning. Raises DraftNotFound.
    """
    draft = lock_draft(session, draft_id)
    live = session.execute(
        select(RuleVersion.number, RuleVersion.config)
        .where(RuleVersion.program_id == program_id)
        .order_by(RuleVersion.number.desc())
        .limit(1)
    ).one()
    session.execute(delete(RuleComparison).where(RuleComparison.draft_id == draft_id))
    comparison = RuleComparison(
        program_id=program_id,
        shop_id=shop_id,
        draft_id=draft_id,
        draft_revision=draft.revision,
        draft_rules=draft.config,
        live_rules=live.config,
        live_number=live.number,
        since=since,
        until=until,
        state="running",
        position=None,
        orders_total=count_orders(session, shop_id, since, until),
        orders_done=0,
        orders_unknown=0,
        live_points=0,
        draft_points=0,
        members_gaining=0,
        members_losing=0,
        members_same=0,
        requested_at=now,
        reckoned_at=None,
    )
    session.add(comparison)
    session.flush()
    return comparison.id
