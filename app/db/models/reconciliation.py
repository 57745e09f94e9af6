"""The comparison of a shop's orders with Shopify's: the pass under way, and the last one."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ShopId


class Reconciliation(Base):
    """What the newest pass over a shop's orders compared and found; one row a shop."""

    __tablename__ = "reconciliation"

    shop_id: Mapped[ShopId] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """None: it is under way, or was interrupted and goes on."""
    compared: Mapped[int]
    taken_in: Mapped[int]
    """Orders of this pass that were missing or behind here."""
    deleted: Mapped[int]
    """Orders of this pass that are gone at Shopify."""
    missed_in_all: Mapped[int]
    """Taken in or found deleted, by all passes."""
    last_missed_at: Mapped[datetime | None]
