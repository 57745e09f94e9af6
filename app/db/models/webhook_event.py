"""A webhook as it came in, until and after it was handled."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ShopId


class WebhookEvent(Base):
    """A verified webhook, unique on (shop, webhook id): the inbox."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        UniqueConstraint("shop_id", "webhook_id"),
        CheckConstraint("state in (0, 1, 2, 3)", name="state_known"),
        Index("ix_webhook_event_due", "shop_id", "id", postgresql_where=text("state = 0")),
        Index("ix_webhook_event_failed", "shop_id", "id", postgresql_where=text("state = 3")),
    )

    id: Mapped[BigId]
    shop_id: Mapped[ShopId]
    webhook_id: Mapped[str]
    event_id: Mapped[str]
    topic: Mapped[str]
    api_version: Mapped[str]
    triggered_at: Mapped[str]
    """As sent; parsed by the topic, not by the intake."""
    received_at: Mapped[datetime]
    body: Mapped[bytes]
    """The raw body, packed by webhooks/packing.py; emptied when pruned."""
    state: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """0 waiting, 1 handled, 2 set aside (understood to need nothing, see `reason`), 3 failed for good."""
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_attempt_at: Mapped[datetime | None]
    """NULL: at once."""
    handled_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it was set aside or failed, in words without personal data."""
