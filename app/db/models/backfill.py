"""Points for past orders: asked for, reckoned, confirmed, granted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, ProgramId, ShopId

OPEN = "state in ('reckoning', 'ready', 'granting')"


class Backfill(Base):
    """One back-fill of a shop: what it would cost, who confirmed it, how far it has come."""

    __tablename__ = "backfill"
    __table_args__ = (
        CheckConstraint(
            "state in ('reckoning', 'ready', 'granting', 'done', 'cancelled', 'failed')",
            name="state_known",
        ),
        CheckConstraint("since < until", name="period_has_length"),
        Index("uq_backfill_open", "shop_id", unique=True, postgresql_where=text(OPEN)),
        Index("ix_backfill_shop", "shop_id", "id"),
    )

    id: Mapped[BigId]
    program_id: Mapped[ProgramId]
    shop_id: Mapped[ShopId]
    state: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    """Orders processed from `since` until just before `until`, when earning began."""
    position: Mapped[int | None]
    """The id of the order reckoned or granted last, from which the next batch goes on."""
    orders_total: Mapped[int]
    """Orders of the period that could earn."""
    orders_done: Mapped[int] = mapped_column(server_default="0")
    """Of those, looked at by the present step: reckoning, then granting."""
    orders: Mapped[int] = mapped_column(server_default="0")
    """The preview: orders that would earn points."""
    members: Mapped[int] = mapped_column(server_default="0")
    points: Mapped[int] = mapped_column(server_default="0")
    value_minor: Mapped[int | None]
    """What these points buy at the programme's best rate; None when no reward says."""
    tiers: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    """By tier, the highest first: {"name", "members", "points"}."""
    orders_granted: Mapped[int] = mapped_column(server_default="0")
    points_granted: Mapped[int] = mapped_column(server_default="0")
    asked_by: Mapped[str]
    confirmed_by: Mapped[str | None]
    requested_at: Mapped[datetime]
    reckoned_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
