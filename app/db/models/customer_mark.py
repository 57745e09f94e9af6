"""Tags and companies of customers, as far as a tier asks for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantProgramId, TenantShopId


class CustomerMark(Base):
    """A customer carries a tag, or buys for a company, that opens a tier."""

    __tablename__ = "customer_mark"
    __table_args__ = (
        CheckConstraint("kind in ('tag', 'company')", name="kind_known"),
        Index("ix_customer_mark_program", "program_id", "kind", "value"),
    )

    shop_id: Mapped[TenantShopId] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[TenantProgramId]
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    """The tag in lower case, or the company's number."""
    noted_at: Mapped[datetime]
