"""A Shopify customer as far as the app needs to know them; names and e-mail are encrypted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ShopId


class Customer(Base):
    """A Shopify customer; personal data encrypted, found by a keyed hash of the e-mail address."""

    __tablename__ = "customer"
    __table_args__ = (
        Index("ix_customer_email_hash", "shop_id", "email_hash"),
        Index(
            "ix_customer_former_member",
            "former_member_id",
            postgresql_where=text("former_member_id is not null"),
        ),
        Index(
            "ix_customer_data_requested",
            "shop_id",
            "data_requested_at",
            postgresql_where=text("data_requested_at is not null"),
        ),
    )

    shop_id: Mapped[ShopId] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Shopify's numeric id."""
    name: Mapped[bytes | None]
    """Encrypted display name."""
    email: Mapped[bytes | None]
    """Encrypted."""
    email_hash: Mapped[bytes | None]
    """HMAC-SHA256 of the lower-cased address."""
    created_at: Mapped[datetime]
    """At Shopify."""
    updated_at: Mapped[datetime]
    """At Shopify; an older state never overwrites a newer one."""
    deleted_at: Mapped[datetime | None]
    former_member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="RESTRICT")
    )
    """Who a deleted customer was, so that a merge told late finds the points; NULL once redacted."""
    data_requested_at: Mapped[datetime | None]
    """When the customer last asked the merchant what is held about them."""
    data_given_at: Mapped[datetime | None]
    """When staff last took the answer."""
    redacted_at: Mapped[datetime | None]
