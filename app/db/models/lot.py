"""The points of one award, with the moments they become available and expire."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, MemberId, TenantProgramId


class Lot(Base):
    """Points of one award (or adjustment) and what is left of them."""

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("remaining between 0 and points", name="remaining_within_points"),
        CheckConstraint(
            "expired >= 0 and remaining + expired <= points", name="expired_within_points"
        ),
        CheckConstraint("written_off >= 0", name="written_off_not_negative"),
        CheckConstraint("expires_at > available_at", name="expires_after_it_is_available"),
        Index(
            "ix_lot_open", "member_id", "expires_at", "id", postgresql_where=text("remaining > 0")
        ),
        Index("ix_lot_award", "award_id"),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[MemberId]
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id", ondelete="RESTRICT"))
    points: Mapped[int]
    remaining: Mapped[int]
    expired: Mapped[int]
    written_off: Mapped[int] = mapped_column(server_default="0")
    """What of its award was taken back without taking points from anybody."""
    available_at: Mapped[datetime]
    matured: Mapped[bool]
    """False while its points are in `pending`."""
    expires_at: Mapped[datetime | None]
    """As promised when it was opened, and never changed; NULL: never. The terms that came into force
    since may let it end later: see app.domain.expiry.ExpiryTerms."""
