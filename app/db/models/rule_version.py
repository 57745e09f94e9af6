"""The earning rules of a programme as they stood from one moment on."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.db.base import Base, BigId, ProgramId


class RuleVersion(Base):
    """Published earning rules; insert-only, in force for orders processed from `effective_from` on."""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[BigId]
    program_id: Mapped[ProgramId]
    number: Mapped[int]
    effective_from: Mapped[datetime]
    config: Mapped[dict[str, Any]]
    """app.domain.program_rules.ProgramRules as JSON."""
    published_at: Mapped[datetime]
    published_by: Mapped[str]
