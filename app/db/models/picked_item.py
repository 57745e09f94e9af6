"""What merchants picked in Shopify's resource picker, with its name and picture."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ProgramId


class PickedItem(Base):
    """The name of a product, collection or variant as it was when it was picked; rules keep ids only."""

    __tablename__ = "picked_item"
    __table_args__ = (
        CheckConstraint("kind in ('product', 'collection', 'variant')", name="kind_known"),
    )

    program_id: Mapped[ProgramId] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Shopify's numeric id."""
    title: Mapped[str]
    image_url: Mapped[str | None]
