"""A draft of tiers whose moves a job counts, because there are too many members for a request."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId


class TierOutlook(Base):
    """Who would move if a draft were saved: how far the counting has come, and what it came to."""

    __tablename__ = "tier_outlook"
    __table_args__ = (
        CheckConstraint("state in ('counting', 'done', 'failed')", name="state_known"),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId] = mapped_column(index=True)
    typed: Mapped[list[Any]]
    """The fields of the form, name and value, so that it can be sent once more."""
    tiers: Mapped[list[Any]]
    terms: Mapped[dict[str, Any]]
    state: Mapped[str]
    last_member_id: Mapped[int]
    """Members up to this one are counted."""
    members_total: Mapped[int]
    members_done: Mapped[int]
    moves: Mapped[list[Any]]
    """From tier, to tier, members; now, and once the days of grace are over."""
    later_moves: Mapped[list[Any]]
    found: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it came to, once it is done: app.services.preview_tiers.Foreseen."""
    requested_at: Mapped[datetime]
