"""Lets a million members change their tiers without a word in any index."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Free what a review writes from indexes, and leave room for it beside each row."""
    op.drop_index("ix_member_tier_review", table_name="member")
    # Only pages to come are filled less: no row is moved, and the table is not locked for long.
    op.execute("alter table member set (fillfactor = 45)")
    op.add_column("program", sa.Column("behind_after", sa.BigInteger(), nullable=True))
    op.execute(f"grant select (behind_after) on program to {_sweep()}")


def _sweep() -> str:
    name = f"{op.get_bind().engine.url.database}_sweep".replace('"', '""')
    return f'"{name}"'.replace(":", "\\:")
