"""Which members were warned that points expire."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, MemberId, TenantProgramId


class ExpiryWarning(Base):
    """A warning that became due; insert-only, once for each member, moment and number of days."""

    __tablename__ = "expiry_warning"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("days_before >= 0", name="days_not_negative"),
        Index("ix_expiry_warning_recorded", "program_id", "recorded_at"),
    )

    member_id: Mapped[MemberId] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(primary_key=True)
    """When the points expire."""
    days_before: Mapped[int] = mapped_column(primary_key=True)
    """Which of the programme's warnings it is."""
    program_id: Mapped[TenantProgramId]
    points: Mapped[int]
    """How many they were when the warning became due."""
    recorded_at: Mapped[datetime]
