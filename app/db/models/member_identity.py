"""Which member a shop's customer is."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, MemberId, ShopId, TenantProgramId


class MemberIdentity(Base):
    """Ties a shop's customer to a member of the shop's programme."""

    __tablename__ = "member_identity"

    shop_id: Mapped[ShopId] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[TenantProgramId]
    member_id: Mapped[MemberId] = mapped_column(index=True)
    signed_in_at: Mapped[datetime | None]
    """When Shopify first named the customer as signed in to the app; None: never seen."""
