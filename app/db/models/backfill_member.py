"""What a back-fill would give one member."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TenantShopId


class BackfillMember(Base):
    """A member's share of a back-fill's preview, summed up batch by batch."""

    __tablename__ = "backfill_member"

    backfill_id: Mapped[int] = mapped_column(
        ForeignKey("backfill.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    shop_id: Mapped[TenantShopId]
    orders: Mapped[int]
    points: Mapped[int]
