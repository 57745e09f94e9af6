"""What one source is worth, with the reckoning line by line."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, KeptJson, MemberId, TenantProgramId


class Award(Base):
    """What one source (order, sign_up, manual, a tier's gift) is worth now; revised in place, its postings are not."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("program_id", "source_kind", "source_id"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[MemberId] = mapped_column(index=True)
    source_kind: Mapped[str]
    source_id: Mapped[str]
    """`{shop_id}:{order_id}` for orders, `{shop_id}:{customer_id}` for sign-ups,
    `{member_id}:{key}` for what staff gave, `{tier_change_id}:{tier_id}` for reaching a tier,
    `{member_id}:{day}` for another year of it and for birthdays."""
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id", ondelete="RESTRICT"))
    pin: Mapped[KeptJson]
    """app.domain.award.Pin as JSON: what it was first reckoned with and keeps."""
    points: Mapped[int]
    revision: Mapped[int]
    input: Mapped[KeptJson | None]
    """What it was reckoned from. None for orders: that is the order with its refunds and facts."""
    receipt: Mapped[list[Any]] = mapped_column(JSON)
    """app.domain.award.ReceiptLine as JSON, in order; their points sum to `points`."""
    created_at: Mapped[datetime]
    reckoned_at: Mapped[datetime]
