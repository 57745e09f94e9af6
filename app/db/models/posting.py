"""One immutable movement of points between two accounts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, MemberId, TenantProgramId

ACCOUNTS = (
    "('pending', 'available', 'held', 'issued', 'redeemed', 'expired', 'adjusted', 'donated',"
    " 'transferred')"
)


class Posting(Base):
    """Points that moved from `debit_account` to `credit_account`; insert-only, chained per member."""

    __tablename__ = "posting"
    __table_args__ = (
        UniqueConstraint("program_id", "source_key"),
        UniqueConstraint("member_id", "sequence"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint(f"debit_account in {ACCOUNTS}", name="debit_account_known"),
        CheckConstraint(f"credit_account in {ACCOUNTS}", name="credit_account_known"),
        CheckConstraint("debit_account <> credit_account", name="accounts_differ"),
        CheckConstraint(
            "(credit_account <> 'held' or debit_account in ('available', 'transferred')) and"
            " (debit_account <> 'held' or"
            " credit_account in ('available', 'redeemed', 'donated', 'transferred'))",
            name="held_between_available_and_redeemed",
        ),
        CheckConstraint(
            "(credit_account <> 'pending' or debit_account in ('issued', 'transferred')) and"
            " (debit_account <> 'pending' or"
            " credit_account in ('available', 'issued', 'transferred'))",
            name="pending_between_issued_and_available",
        ),
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
    member_id: Mapped[MemberId]
    sequence: Mapped[int]
    """Position in the member's chain, from 1."""
    kind: Mapped[str]
    debit_account: Mapped[str]
    credit_account: Mapped[str]
    points: Mapped[int]
    source_key: Mapped[str]
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id", ondelete="RESTRICT"))
    redemption_id: Mapped[int | None] = mapped_column(
        ForeignKey("redemption.id", ondelete="RESTRICT")
    )
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    actor: Mapped[str]
    """system, shopper, or staff:{Shopify user id}."""
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    hash: Mapped[bytes]
    """HMAC-SHA256 over the posting before it and this one's fields."""
