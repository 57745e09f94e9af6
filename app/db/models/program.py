"""A programme: one set of rules, rewards and tiers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.db.base import Base, BigId


class Program(Base):
    """One set of rules, rewards and tiers; its currency is fixed for life."""

    __tablename__ = "program"
    __table_args__ = (CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_iso"),)

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
    created_at: Mapped[datetime]
