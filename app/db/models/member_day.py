"""What a member did on a day: the roll-up that tiers are reckoned from."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, MemberId, TenantProgramId


class MemberDay(Base):
    """What a member's orders of one day come to now, and the points earned by them and otherwise.

    A cache of orders and awards, written in their transaction; `rebuild_member_days` compares it
    with them and puts it right.
    """

    __tablename__ = "member_day"
    __table_args__ = (
        CheckConstraint("spend_minor >= 0 and orders >= 0 and points >= 0", name="not_negative"),
    )

    member_id: Mapped[MemberId] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """In the programme's time zone: that of the order's processing, or of the award."""
    program_id: Mapped[TenantProgramId]
    spend_minor: Mapped[int]
    points: Mapped[int]
    """Net of what refunds took; without what staff or tiers gave."""
    orders: Mapped[int]
    """Those with spend left."""
