"""Drafts of earning rules."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import RuleDraft
from app.domain.errors import DraftNotFound
from app.domain.program_rules import ProgramRules, rules_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One draft."""

    id: int
    name: str
    rules: ProgramRules
    revision: int
    updated_at: datetime


def program_drafts(session: Session, program_id: int) -> list[DraftRow]:
    """Return the programme's drafts, the one changed last first."""
    rows = session.scalars(
        select(RuleDraft)
        .where(RuleDraft.program_id == program_id)
        .order_by(RuleDraft.updated_at.desc(), RuleDraft.id.desc())
    )
    return [_row(draft) for draft in rows]


def get_draft(session: Session, draft_id: int) -> DraftRow | None:
    """Return one draft, or None when the tenant has no such draft."""
    draft = session.get(RuleDraft, draft_id)
    return _row(draft) if draft else None


def lock_draft(session: Session, draft_id: int) -> RuleDraft:
    """Return a draft that nobody else changes meanwhile; raise DraftNotFound."""
    draft = session.scalars(
        select(RuleDraft).where(RuleDraft.id == draft_id).with_for_update()
    ).one_or_none()
    if draft is None:
        raise DraftNotFound(draft_id=draft_id)
    return draft


def _row(draft: RuleDraft) -> DraftRow:
    return DraftRow(
        id=draft.id,
        name=draft.name,
        rules=rules_from_json(draft.config),
        revision=draft.revision,
        updated_at=draft.updated_at,
    )
