"""One person in a programme, with cached balances."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId


class Member(Base):
    """One person in a programme; the balances are a cache of the postings, changed under the row's lock."""

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("pending >= 0", name="pending_not_negative"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        Index("ix_member_push", "program_id", "id", postgresql_where=text("behind")),
        Index("ix_member_joined", "program_id", "joined_at", "id"),
        Index(
            "ix_member_next_due_at",
            "next_due_at",
            postgresql_where=text("next_due_at is not null"),
        ),
        Index(
            "ix_member_merged_into_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id is not null"),
        ),
        # Room on each page for the next version of every row: where no indexed column changes,
        # neither a posting nor a review of all touches an index of its members. So what a review
        # writes is not indexed either: to look at a million members once an hour takes less.
        {"postgresql_with": {"fillfactor": 45}},
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId]
    joined_at: Mapped[datetime]
    tier_id: Mapped[int | None]
    """Without a foreign key: a million checks take as long as half the changes. A tier that goes
    takes its members to the lowest, and who names one that is gone is reviewed."""
    tier_since: Mapped[datetime | None]
    tier_until: Mapped[datetime | None]
    """When the tier is lost unless the measure recovers before; NULL while it is earned."""
    pinned_tier_id: Mapped[int | None] = mapped_column(ForeignKey("tier.id", ondelete="RESTRICT"))
    """The tier that staff gave, whatever is measured."""
    pinned_until: Mapped[datetime | None]
    """When the pin ends; NULL: when staff ends it."""
    granted_tier_id: Mapped[int | None] = mapped_column(ForeignKey("tier.id", ondelete="RESTRICT"))
    """The best tier that a tag or a company opens to the member, who never stands below it."""
    tier_review_at: Mapped[datetime | None]
    """The first moment at which time alone may change the tier; in the past: it is to be reckoned
    again. NULL: it stays until something happens."""
    pending: Mapped[int] = mapped_column(server_default="0")
    available: Mapped[int] = mapped_column(server_default="0")
    """What matured lots hold, less debt; below zero when points already spent were taken back."""
    held: Mapped[int] = mapped_column(server_default="0")
    last_active_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]
    """The first moment at which a lot matures or expires; NULL when nothing is due."""
    posting_count: Mapped[int] = mapped_column(server_default="0")
    chain_head: Mapped[bytes] = mapped_column(server_default=text("''::bytea"))
    """HMAC of the last posting, which includes the one before it."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Raised by every change the shopper sees; `pushed_version` is what Shopify's metafields show."""
    pushed_version: Mapped[int] = mapped_column(server_default="0")
    behind: Mapped[bool] = mapped_column(Computed("pushed_version < version", persisted=True))
    """Whether the metafields are; an index on `version` itself would change with every posting."""
    closed_at: Mapped[datetime | None]
    """Merged into another member, or the customer was deleted."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="RESTRICT"))
    """Whose its points are now; that member may have been merged in turn."""
