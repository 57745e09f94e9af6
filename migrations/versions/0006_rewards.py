"""What rewards offer to whom, and redemptions that are not codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

JSONB = postgresql.JSONB(astext_type=sa.Text())
NO_LIST = sa.text("'[]'::jsonb")
NOTHING = sa.text("'{}'::jsonb")


def upgrade() -> None:
    """Add the columns, and let a redemption be used without an order."""
    _add_offers()
    _add_ways()
    _let_points_be_donated()
    op.drop_constraint(op.f("ck_picked_item_kind_known"), "picked_item")
    op.create_check_constraint(
        op.f("ck_picked_item_kind_known"),
        "picked_item",
        "kind in ('product', 'collection', 'variant')",
    )


def _add_offers() -> None:
    for column in (
        sa.Column("words", JSONB, server_default=NOTHING, nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("member_limit", sa.BigInteger(), nullable=True),
        sa.Column("member_limit_days", sa.BigInteger(), nullable=True),
        sa.Column("stock", sa.BigInteger(), nullable=True),
        sa.Column("tier_ids", JSONB, server_default=NO_LIST, nullable=False),
        sa.Column("customer_tags", JSONB, server_default=NO_LIST, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_prefix", sa.Text(), server_default="RG", nullable=False),
        sa.Column("code_days", sa.BigInteger(), nullable=True),
        sa.Column("combines_with", JSONB, nullable=True),
        sa.Column("product_ids", JSONB, server_default=NO_LIST, nullable=False),
        sa.Column("collection_ids", JSONB, server_default=NO_LIST, nullable=False),
    ):
        op.add_column("reward", column)
    op.create_check_constraint(
        op.f("ck_reward_member_limit_positive"), "reward", "member_limit > 0"
    )
    op.create_check_constraint(op.f("ck_reward_stock_not_negative"), "reward", "stock >= 0")


def _add_ways() -> None:
    for column in (
        sa.Column("way", sa.Text(), server_default="discount_code", nullable=False),
        sa.Column("choice", JSONB, server_default=NOTHING, nullable=False),
        sa.Column("credit_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("debit_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_gid", sa.Text(), nullable=True),
    ):
        op.add_column("redemption", column)
    op.drop_constraint(op.f("ck_redemption_used_by_an_order"), "redemption")
    op.create_check_constraint(
        op.f("ck_redemption_used_at_a_moment"),
        "redemption",
        "(state = 'used') = (used_at is not null)",
    )
    op.create_check_constraint(
        op.f("ck_redemption_codes_used_by_an_order"),
        "redemption",
        "(order_id is not null) = (state = 'used' and way = 'discount_code')",
    )
    op.create_check_constraint(
        op.f("ck_redemption_way_known"),
        "redemption",
        "way in ('discount_code', 'store_credit', 'gift_card', 'by_staff', 'donation')",
    )
    op.create_unique_constraint(
        op.f("uq_redemption_shop_id_withdrawn_gid"), "redemption", ["shop_id", "withdrawn_gid"]
    )


def _let_points_be_donated() -> None:
    op.drop_constraint(op.f("ck_posting_held_between_available_and_redeemed"), "posting")
    op.create_check_constraint(
        op.f("ck_posting_held_between_available_and_redeemed"),
        "posting",
        "(credit_account <> 'held' or debit_account in ('available', 'transferred')) and"
        " (debit_account <> 'held' or"
        " credit_account in ('available', 'redeemed', 'donated', 'transferred'))",
    )
