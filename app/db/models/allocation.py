"""Which lots a redemption or a take-back took its points from."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, MemberId, TenantProgramId


class Allocation(Base):
    """Points that a redemption took from a lot, so that a release or a return gives them back."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("restored between 0 and points", name="restored_within_points"),
        Index("ix_allocation_redemption", "redemption_id", "id"),
        Index("ix_allocation_lot", "lot_id"),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[MemberId]
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemption.id", ondelete="RESTRICT"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    """NULL: taken into debt, when a released code was used all the same."""
    points: Mapped[int]
    restored: Mapped[int]
