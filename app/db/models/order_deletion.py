"""Orders that were deleted, kept also of those that were never seen."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class OrderDeletion(Base):
    """An order deleted as orders/delete told it, which may come before the order's states do."""

    __tablename__ = "order_deletion"

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deleted_at: Mapped[datetime]
    """When that was first heard."""
