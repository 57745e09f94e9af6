"""A level of a programme, with its entry condition and perks."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.db.base import Base, BigId, ProgramId


class Tier(Base):
    """A level reached by spend in the last 12 months; the lowest has threshold 0."""

    __tablename__ = "tier"
    __table_args__ = (
        UniqueConstraint("program_id", "threshold_minor"),
        UniqueConstraint("program_id", "name"),
        CheckConstraint("threshold_minor >= 0", name="threshold_not_negative"),
        CheckConstraint("multiplier_bp between 10000 and 100000", name="multiplier_in_range"),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId]
    name: Mapped[str]
    threshold_minor: Mapped[int]
    multiplier_bp: Mapped[int]
