"""Refunds announced by themselves, kept until and after the order that contains them is seen."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class OrderRefund(Base):
    """A refund as announced by refunds/create, which may come before its order does."""

    __tablename__ = "order_refund"

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    refund_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    refund: Mapped[dict[str, Any]]
    """app.domain.order_snapshot.Refund as JSON."""
