"""Tags that the app put on a Shopify customer, so that it takes off no others."""

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class CustomerTag(Base):
    """A tier's tag that the customer has, or may have: noted before Shopify is asked."""

    __tablename__ = "customer_tag"

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(primary_key=True)
