"""The segment that a shop has for a tier's tag."""

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class TierSegment(Base):
    """A segment that the app made at Shopify, as Shopify was last told of it."""

    __tablename__ = "tier_segment"

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    tier_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Not a foreign key: the segment outlives its tier until Shopify has deleted it."""
    segment_gid: Mapped[str]
    name: Mapped[str]
    tag: Mapped[str]
