"""A member's birthday, without the year."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, MemberId, TenantProgramId


class MemberBirthday(Base):
    """Month and day, readable so that the daily job finds them, beside nothing that names anybody."""

    __tablename__ = "member_birthday"
    __table_args__ = (
        Index("ix_member_birthday_day", "program_id", "month_day"),
        CheckConstraint("month_day between 101 and 1231", name="month_day_in_range"),
    )

    member_id: Mapped[MemberId] = mapped_column(primary_key=True)
    program_id: Mapped[TenantProgramId]
    month_day: Mapped[int]
    """Month × 100 + day."""
    set_at: Mapped[datetime]
    set_by: Mapped[str]
