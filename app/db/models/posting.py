"""One immutable movement of points between two accounts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.db.base import Base, BigId, TenantProgramId


class Posting(Base):
    """Points that moved from `debit_account` to `credit_account`; insert-only, chained per member.

    What it names is there and stays, as PostgreSQL checks once a statement (docs/decisions/0030).
    """

    __tablename__ = "posting"
    __table_args__ = (
        UniqueConstraint("program_id", "source_key"),
        UniqueConstraint("member_id", "sequence"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("points_may_move(debit_account, credit_account)", name="movement_known"),
        Index("ix_posting_recorded", "program_id", "recorded_at"),
        Index("ix_posting_award", "award_id"),
        Index(
            "ix_posting_redemption",
            "redemption_id",
            postgresql_where=text("redemption_id is not null"),
        ),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[int]
    sequence: Mapped[int]
    """Position in the member's chain, from 1."""
    kind: Mapped[str]
    debit_account: Mapped[str]
    credit_account: Mapped[str]
    points: Mapped[int]
    source_key: Mapped[str]
    award_id: Mapped[int | None]
    redemption_id: Mapped[int | None]
    lot_id: Mapped[int | None]
    actor: Mapped[str]
    """system, shopper, or staff:{Shopify user id}."""
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    hash: Mapped[bytes]
    """HMAC-SHA256 over the posting before it and this one's fields."""
