"""The newest known state of a Shopify order."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, KeptJson, TenantShopId


class CustomerOrder(Base):
    """The newest known state of a Shopify order, as the snapshot that the rules read."""

    __tablename__ = "customer_order"
    __table_args__ = (
        CheckConstraint(
            "spend_minor >= 0 and original_spend_minor >= 0", name="spend_not_negative"
        ),
        Index("ix_customer_order_member", "member_id", "processed_at"),
        Index(
            "ix_customer_order_waiting",
            "shop_id",
            "customer_id",
            postgresql_where=text("member_id is null"),
        ),
        Index(
            "ix_customer_order_facts_wanted",
            "shop_id",
            "order_id",
            postgresql_where=text("facts_wanted"),
        ),
    )

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Shopify's numeric id."""
    name: Mapped[str]
    customer_id: Mapped[int | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="RESTRICT"))
    processed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    """At Shopify; the newest state counts."""
    paid_at: Mapped[datetime | None]
    """The moment from which its lot runs: first seen fully paid."""
    paid_state_at: Mapped[datetime | None]
    """`updated_at` of the newest fully paid state seen."""
    paid_spend_minor: Mapped[int | None]
    """Spend of that state; while a later edit is only partly paid, what counts of the order."""
    paid_snapshot: Mapped[KeptJson | None]
    """That state, kept only while a newer one is not fully paid or its spend waits for facts."""
    facts_wanted: Mapped[bool] = mapped_column(server_default=text("false"))
    """Its award waits for facts that are not in order_fact yet, or for when it was paid."""
    spend_minor: Mapped[int]
    """What counts as spend now; 0 when cancelled, unpaid or a test."""
    original_spend_minor: Mapped[int]
    """What would count had nothing been refunded or cancelled; the base of proportional returns."""
    snapshot: Mapped[KeptJson]
    """app.domain.order_snapshot.OrderSnapshot as JSON."""
    deleted_at: Mapped[datetime | None]
    granted_at: Mapped[datetime | None]
    """When back-fill let it earn, though it is older than earning; its lot runs from here."""
