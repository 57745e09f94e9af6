"""Product variants that merchants pick for rewards, with their pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Let variants be picked, and keep pictures."""
    op.add_column("picked_item", sa.Column("image_url", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_picked_item_kind_known"), "picked_item")
    op.create_check_constraint(
        op.f("ck_picked_item_kind_known"),
        "picked_item",
        "kind in ('product', 'variant', 'collection')",
    )
