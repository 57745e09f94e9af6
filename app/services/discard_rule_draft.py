"""Throws a draft of rules away."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db.models import RuleDraft


def discard_rule_draft(session: Session, *, draft_id: int) -> None:
    """Remove the draft with its comparison; one that is gone already is a normal result."""
    session.execute(delete(RuleDraft).where(RuleDraft.id == draft_id))
