"""What points buy."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId

NO_LIST = text("'[]'::jsonb")


class Reward(Base):
    """What points buy; `config` is the typed configuration of its type in app.domain.rewards.

    The columns from `words` on are its offer: see app.domain.reward_offer.
    """

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("member_limit > 0", name="member_limit_positive"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId] = mapped_column(index=True)
    type: Mapped[str]
    """A file in app/domain/rewards."""
    points: Mapped[int]
    """What it costs; of a slider: one step."""
    config: Mapped[dict[str, Any]]
    position: Mapped[int]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    words: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    image_url: Mapped[str | None]
    member_limit: Mapped[int | None]
    member_limit_days: Mapped[int | None]
    stock: Mapped[int | None]
    """How many are left; changed under the row's lock, after the member's."""
    tier_ids: Mapped[list[Any]] = mapped_column(server_default=NO_LIST)
    customer_tags: Mapped[list[Any]] = mapped_column(server_default=NO_LIST)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    code_prefix: Mapped[str] = mapped_column(server_default="RG")
    code_days: Mapped[int | None]
    combines_with: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """NULL: as its type has it."""
    product_ids: Mapped[list[Any]] = mapped_column(server_default=NO_LIST)
    collection_ids: Mapped[list[Any]] = mapped_column(server_default=NO_LIST)
