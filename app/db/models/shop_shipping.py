"""The automatic discount by which a shop's tiers ship for free."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class ShopShipping(Base):
    """One automatic discount for all tiers of a shop, as Shopify was last told of it."""

    __tablename__ = "shop_shipping"

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    discount_gid: Mapped[str]
    title: Mapped[str]
    segment_gids: Mapped[list[Any]]
