"""One member's part of a comparison of rules."""

from sqlalchemy import BigInteger, Computed, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, MemberId, TenantProgramId


class RuleComparisonMember(Base):
    """What one member's orders of the period are worth by the live rules and by the draft."""

    __tablename__ = "rule_comparison_member"
    __table_args__ = (
        Index("ix_rule_comparison_member_largest", "comparison_id", "difference_size", "member_id"),
    )

    comparison_id: Mapped[int] = mapped_column(
        ForeignKey("rule_comparison.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[MemberId] = mapped_column(primary_key=True)
    program_id: Mapped[TenantProgramId]
    orders: Mapped[int]
    live_points: Mapped[int]
    draft_points: Mapped[int]
    difference_size: Mapped[int] = mapped_column(
        BigInteger, Computed("abs(draft_points - live_points)", persisted=True)
    )
    """Gain or loss, without its sign: what lists are sorted by."""
