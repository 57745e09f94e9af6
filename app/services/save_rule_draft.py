"""Keeps earning rules that are being thought about."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models import RuleDraft
from app.db.queries.rule_drafts import lock_draft
from app.domain.program_rules import ProgramRules, rules_from_json


def save_rule_draft(
    session: Session,
    *,
    program_id: int,
    name: str,
    rules: ProgramRules,
    saved_by: str,
    now: datetime,
    draft_id: int | None = None,
) -> int:
    """Save a new draft, or the one with `draft_id`; return its id. Nobody earns by it.

    Other rules raise the draft's revision, another name does not. Raises DraftNotFound.
    """
    if draft_id is None:
        return _new_draft(session, program_id, name, rules, saved_by, now)
    draft = lock_draft(session, draft_id)
    if rules_from_json(draft.config) != rules:
        draft.config = asdict(rules)
        draft.revision += 1
    draft.name, draft.updated_by, draft.updated_at = name, saved_by, now
    session.flush()
    return draft.id


def _new_draft(
    session: Session,
    program_id: int,
    name: str,
    rules: ProgramRules,
    saved_by: str,
    now: datetime,
) -> int:
    draft = RuleDraft(
        program_id=program_id,
        name=name,
        config=asdict(rules),
        revision=1,
        created_at=now,
        updated_at=now,
        updated_by=saved_by,
    )
    session.add(draft)
    session.flush()
    return draft.id
