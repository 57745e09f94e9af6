"""The points of one award, with the moments they become available and expire."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, TenantProgramId


class Lot(Base):
    """Points of one award (or adjustment) and what is left of them.

    What it names is there and stays, as PostgreSQL checks once a statement (docs/decisions/0030).
    """

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint(
            "least(remaining, expired, written_off) >= 0 and remaining + expired <= points",
            name="remaining_and_expired_within_points",
        ),
        CheckConstraint("expires_at > available_at", name="expires_after_it_is_available"),
        Index(
            "ix_lot_open", "member_id", "expires_at", "id", postgresql_where=text("remaining > 0")
        ),
        Index("ix_lot_award", "award_id"),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[int]
    award_id: Mapped[int | None]
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
