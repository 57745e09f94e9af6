"""What payloads do not tell of an order's products and customer, fetched once and then pinned."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class OrderFact(Base):
    """The tags and collections of a product, or the tags and account of a customer, for an order.

    Only where the order's rules ask for them. What is pinned never changes; a redacted customer's
    facts stay, as those of nobody.
    """

    __tablename__ = "order_fact"
    __table_args__ = (
        CheckConstraint("subject in ('product', 'customer')", name="subject_known"),
        Index(
            "ix_order_fact_customer",
            "shop_id",
            "subject_id",
            postgresql_where=text("subject = 'customer'"),
        ),
    )

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Shopify's numeric id of the product or the customer; 0: a redacted customer."""
    facts: Mapped[dict[str, Any]]
    """app.domain.order_facts.ProductFacts or CustomerFacts as JSON."""
    fetched_at: Mapped[datetime]
