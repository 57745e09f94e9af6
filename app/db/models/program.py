"""A programme: one set of rules, rewards and tiers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId


class Program(Base):
    """One set of rules, rewards and tiers; its currency is fixed for life."""

    __tablename__ = "program"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_iso"),
        CheckConstraint("tier_measure in ('spend', 'points', 'orders')", name="tier_measure_known"),
        CheckConstraint(
            "tier_window in ('rolling', 'calendar', 'lifetime')", name="tier_window_known"
        ),
        CheckConstraint("tier_grace_days between 0 and 366", name="tier_grace_in_range"),
        CheckConstraint("tier_loss in ('earned', 'step', 'never')", name="tier_loss_known"),
    )

    id: Mapped[BigId]
    name: Mapped[str]
    currency: Mapped[str]
    iana_timezone: Mapped[str]
    earning_starts_at: Mapped[datetime]
    points_name: Mapped[dict[str, Any]]
    """By locale: {"en": {"one": "point", "other": "points"}, "th": {"other": "คะแนน"}}."""
    appearance: Mapped[dict[str, Any]]
    """The widget's looks: {"colour": "#1f5f4a", "corner": "right", "icon": "🌸"}."""
    widget_version: Mapped[int]
    """Raised by each change that the storefront must learn of."""
    widget_pushed_version: Mapped[int]
    tier_measure: Mapped[str] = mapped_column(server_default="spend")
    """What tiers are reckoned by: app.domain.tier_terms.TierTerms."""
    tier_window: Mapped[str] = mapped_column(server_default="rolling")
    tier_grace_days: Mapped[int] = mapped_column(server_default="30")
    tier_loss: Mapped[str] = mapped_column(server_default="earned")
    tiers_settled: Mapped[bool] = mapped_column(server_default=false())
    """Whether every member was reckoned since tiers or their terms last changed."""
    behind_after: Mapped[int | None]
    """Members with a higher id are all behind, whatever their versions say: what everybody sees
    changed. NULL: nobody is but by their version."""
    created_at: Mapped[datetime]
