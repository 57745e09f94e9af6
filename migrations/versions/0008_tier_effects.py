"""What Shopify was told of tiers, and whose tags and companies are to be read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

TABLES = ("customer_tag", "marks_wanted", "shop_shipping", "tier_segment")


def upgrade() -> None:
    """Add the tables and fence them in by shop."""
    op.create_table(
        "customer_tag",
        _shop(),
        sa.Column("customer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", "tag", name=op.f("pk_customer_tag")),
    )
    op.create_table(
        "marks_wanted",
        _shop(),
        sa.Column("customer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", name=op.f("pk_marks_wanted")),
    )
    op.create_table(
        "shop_shipping",
        _shop(),
        sa.Column("discount_gid", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("segment_gids", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_shop_shipping")),
    )
    op.create_table(
        "tier_segment",
        _shop(),
        sa.Column("tier_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("segment_gid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "tier_id", name=op.f("pk_tier_segment")),
    )
    for table in TABLES:
        _fence(table)
    # A sweep finds shops whose customers are to be read.
    op.execute(f"create policy sweep on marks_wanted for select to {_role('sweep')} using (true)")
    op.execute(f"grant select (shop_id) on marks_wanted to {_role('sweep')}")


def _shop() -> sa.Column[int]:
    return sa.Column("shop_id", sa.BigInteger(), autoincrement=False, nullable=False)


def _fence(table: str) -> None:
    """Let the app role see and write only rows of the shop that the transaction named."""
    owner = "shop_id = (select nullif(current_setting('app.shop_id', true), '')::bigint)"
    app = _role("app")
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy tenant on {table} to {app} using ({owner}) with check ({owner})")
    op.execute(f"grant select, insert, update, delete on {table} to {app}")


def _role(name: str) -> str:
    role = f"{op.get_bind().engine.url.database}_{name}"
    return '"' + role.replace('"', '""') + '"'
