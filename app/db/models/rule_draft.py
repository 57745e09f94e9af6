"""Earning rules that are being thought about."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId


class RuleDraft(Base):
    """Rules that nobody earns by: edited in place, compared with the live ones, then published."""

    __tablename__ = "rule_draft"

    id: Mapped[BigId]
    program_id: Mapped[ProgramId] = mapped_column(index=True)
    name: Mapped[str]
    config: Mapped[dict[str, Any]]
    """app.domain.program_rules.ProgramRules as JSON."""
    revision: Mapped[int]
    """Raised by each change of the rules, so that a comparison knows which it reckoned."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
