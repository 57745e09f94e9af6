"""Why staff changed a tier, kept apart so that it can be erased."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantProgramId


class TierChangeNote(Base):
    """Why staff pinned a member, in their words (encrypted); erasable, the change is not."""

    __tablename__ = "tier_change_note"

    tier_change_id: Mapped[int] = mapped_column(
        ForeignKey("tier_change.id", ondelete="RESTRICT"), primary_key=True
    )
    program_id: Mapped[TenantProgramId]
    note: Mapped[bytes]
    created_at: Mapped[datetime]
