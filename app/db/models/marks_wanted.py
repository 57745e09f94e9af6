"""Customers whose tags or companies have to be read, because they changed."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class MarksWanted(Base):
    """A customer whose tags or companies changed in a way that may open or close a tier."""

    __tablename__ = "marks_wanted"

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wanted_at: Mapped[datetime]
    """When it was last told; what was read before does not count."""
