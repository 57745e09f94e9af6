"""A draft reckoned beside the live rules, over a shop's own orders."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId, ShopId


class RuleComparison(Base):
    """What a draft's orders are worth by both rules: how far it has come, and what it came to."""

    __tablename__ = "rule_comparison"
    __table_args__ = (
        CheckConstraint("state in ('running', 'done', 'failed')", name="state_known"),
        CheckConstraint("since < until", name="period_has_length"),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId] = mapped_column(index=True)
    shop_id: Mapped[ShopId]
    draft_id: Mapped[int] = mapped_column(
        ForeignKey("rule_draft.id", ondelete="CASCADE"), unique=True
    )
    draft_revision: Mapped[int]
    draft_rules: Mapped[dict[str, Any]]
    live_rules: Mapped[dict[str, Any]]
    """Both as they stood when the comparison was asked for."""
    live_number: Mapped[int]
    """The number of the live rule version."""
    since: Mapped[datetime]
    until: Mapped[datetime]
    """Orders processed from `since` until just before `until`."""
    state: Mapped[str]
    position: Mapped[dict[str, Any] | None]
    """The order reckoned last, from which the next run goes on."""
    orders_total: Mapped[int]
    orders_done: Mapped[int]
    orders_unknown: Mapped[int]
    """Orders whose products or customer are not known well enough for the draft's exclusions."""
    live_points: Mapped[int]
    draft_points: Mapped[int]
    members_gaining: Mapped[int]
    members_losing: Mapped[int]
    members_same: Mapped[int]
    requested_at: Mapped[datetime]
    reckoned_at: Mapped[datetime | None]
    """When it was done."""
