"""One member buying one reward."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, BigId, MemberId, ShopId, TenantProgramId
from app.domain.ways import WAYS


class Redemption(Base):
    """One member buying one reward: held → ready → used, or → releasing → released."""

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("member_id", "idempotency_key"),
        UniqueConstraint("shop_id", "code_hash"),
        UniqueConstraint("shop_id", "withdrawn_gid"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("returned between 0 and points", name="returned_within_points"),
        CheckConstraint(
            "state in ('held', 'ready', 'releasing', 'used', 'released')", name="state_known"
        ),
        CheckConstraint("(state = 'used') = (used_at is not null)", name="used_at_a_moment"),
        CheckConstraint(
            "(order_id is not null) = (state = 'used' and way = 'discount_code')",
            name="codes_used_by_an_order",
        ),
        CheckConstraint(f"way in {tuple(WAYS)}", name="way_known"),
        CheckConstraint(
            "state <> 'released' or released_at is not null", name="released_at_a_moment"
        ),
        CheckConstraint(
            "state <> 'releasing' or (releasing_at is not null and release_reason is not null)",
            name="releasing_since_a_moment",
        ),
        CheckConstraint("returned = 0 or state = 'used'", name="returned_after_use"),
        Index("ix_redemption_member", "member_id", "id"),
        Index(
            "ix_redemption_member_open",
            "member_id",
            "id",
            postgresql_where=text("state in ('held', 'ready', 'releasing')"),
        ),
        Index("ix_redemption_due", "due_at", postgresql_where=text("due_at is not null")),
        Index(
            "ix_redemption_order",
            "shop_id",
            "order_id",
            postgresql_where=text("order_id is not null"),
        ),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    shop_id: Mapped[ShopId]
    member_id: Mapped[MemberId]
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id", ondelete="RESTRICT"))
    customer_id: Mapped[int]
    """The Shopify customer the code is bound to."""
    idempotency_key: Mapped[str]
    terms: Mapped[dict[str, Any]]
    """The reward as it was when taken: {"type", "points", "config", "offer", "took_stock"}."""
    way: Mapped[str] = mapped_column(server_default="discount_code")
    """How it reaches the member: see app.domain.ways."""
    choice: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """What the shopper picked: {}, {"points", "steps"} or {"variant_id"}."""
    points: Mapped[int]
    """What it cost; of a slider, as many as were picked."""
    returned: Mapped[int]
    """Points given back because the order that used it was refunded."""
    state: Mapped[str]
    surface: Mapped[str]
    """Where it was asked for: widget, checkout, account, admin."""
    code: Mapped[bytes | None]
    """Encrypted."""
    code_hash: Mapped[bytes]
    """HMAC-SHA256 of the upper-cased code."""
    discount_gid: Mapped[str | None]
    """What Shopify made: a discount, a gift card, or the transaction of a store credit."""
    credit_asked_at: Mapped[datetime | None]
    """When Shopify was last asked to credit it: it would do so twice if asked twice."""
    debit_asked_at: Mapped[datetime | None]
    """When Shopify was last asked to debit it again."""
    withdrawn_gid: Mapped[str | None]
    """The transaction that took a store credit back."""
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    """When the code lapses."""
    used_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None]
    """undone, cancelled, lapsed, refused (by Shopify), unanswered, not_applied, customer_gone."""
    order_id: Mapped[int | None]
    asked_at: Mapped[datetime | None]
    """When Shopify was last asked to make it, where that was after it was held."""
    releasing_at: Mapped[datetime | None]
    """Since when it is being taken back."""
    released_by: Mapped[str | None]
    """Who asked for that: shopper, system, or staff:<id>."""
    due_at: Mapped[datetime | None]
    """When a job looks at it next; NULL: nothing is left to do."""
