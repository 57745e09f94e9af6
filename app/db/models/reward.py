"""What points buy."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId


class Reward(Base):
    """What points buy; `config` is the typed configuration of its type in app.domain.rewards."""

    __tablename__ = "reward"
    __table_args__ = (CheckConstraint("points > 0", name="points_positive"),)

    id: Mapped[BigId]
    program_id: Mapped[ProgramId] = mapped_column(index=True)
    type: Mapped[str]
    """A file in app/domain/rewards: amount_off, percentage_off, free_shipping."""
    points: Mapped[int]
    """What it costs."""
    config: Mapped[dict[str, Any]]
    position: Mapped[int]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
