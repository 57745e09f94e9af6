"""Puts a draft of rules in force."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.queries.rule_drafts import lock_draft
from app.domain.errors import DraftChanged
from app.domain.program_rules import rules_from_json
from app.services.publish_rules import publish_rules


def publish_rule_draft(
    session: Session,
    *,
    program_id: int,
    draft_id: int,
    revision: int,
    published_by: str,
    now: datetime,
) -> int:
    """Publish the draft's rules, remove it, and return the number of the rules in force.

    Only the `revision` that was looked at is published. What was reckoned keeps the rules it was
    reckoned with. Raises DraftNotFound and DraftChanged.
    """
    draft = lock_draft(session, draft_id)
    if draft.revision != revision:
        raise DraftChanged(draft_id=draft_id)
    number = publish_rules(
        session,
        program_id=program_id,
        rules=rules_from_json(draft.config),
        published_by=published_by,
        now=now,
    )
    session.delete(draft)
    session.flush()
    return number
