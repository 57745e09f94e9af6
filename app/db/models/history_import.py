"""The reading of a shop's past orders through a bulk operation."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ShopId

OPEN = "state in ('waiting', 'running', 'reading')"


class HistoryImport(Base):
    """How far the reading of a shop's past orders has come, and what it came to."""

    __tablename__ = "history_import"
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'running', 'reading', 'done', 'cancelled', 'failed')",
            name="state_known",
        ),
        Index("uq_history_import_open", "shop_id", unique=True, postgresql_where=text(OPEN)),
        Index("ix_history_import_shop", "shop_id", "id"),
    )

    id: Mapped[BigId]
    shop_id: Mapped[ShopId]
    state: Mapped[str]
    """waiting: to be asked of Shopify; running: Shopify puts the file together; reading: we take it in."""
    asked_by: Mapped[str]
    """`install`, or the staff member."""
    sees_all_orders: Mapped[bool]
    """Whether the shop granted read_all_orders; without it Shopify shows the last 60 days."""
    operation_gid: Mapped[str | None]
    """Shopify's BulkOperation."""
    orders_told: Mapped[int] = mapped_column(server_default="0")
    """How many orders Shopify has put into the file so far."""
    orders_read: Mapped[int] = mapped_column(server_default="0")
    orders_new: Mapped[int] = mapped_column(server_default="0")
    """Of those read: unknown here, or known in an older state."""
    oldest_order_at: Mapped[datetime | None]
    position: Mapped[dict[str, Any] | None]
    """Where in the file the next batch begins (app.shopify.bulk_file.Position)."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    """How often Shopify was asked for the file."""
    reason: Mapped[str | None]
    """Why it failed, as a code."""
    requested_at: Mapped[datetime]
    operation_at: Mapped[datetime | None]
    """When Shopify began: orders changed later are the comparison's."""
    looked_at: Mapped[datetime | None]
    """When Shopify was last asked how far it is; None: to be asked at once."""
    finished_at: Mapped[datetime | None]
