"""Every change of a member's tier, with its reason."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from app.db.base import Base, BigId, TenantProgramId


class TierChange(Base):
    """A member's tier changed; insert-only, and readable when its tiers are long gone."""

    __tablename__ = "tier_change"
    __table_args__ = (
        Index("ix_tier_change_member", "member_id", "id"),
        # What tiers give on entry is looked for here.
        Index(
            "ix_tier_change_entry",
            "program_id",
            "at",
            postgresql_where=text("rises and reason in ('reached', 'pinned', 'tag', 'company')"),
        ),
        CheckConstraint(
            "reason in ('reached', 'lost', 'pinned', 'unpinned', 'tag', 'company', 'settings',"
            " 'merged', 'backfill')",
            name="reason_known",
        ),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[int]
    """Without a foreign key, as the tiers: to check a million changes takes as long as to make them."""
    from_tier_id: Mapped[int | None]
    from_name: Mapped[str | None]
    to_tier_id: Mapped[int | None]
    to_name: Mapped[str | None]
    rises: Mapped[bool]
    """Whether the tier entered stood above the one left, as tiers were then."""
    reason: Mapped[str]
    measure: Mapped[int | None]
    """What the member had in the window: minor units, points or orders."""
    at: Mapped[datetime]
    actor: Mapped[str]
