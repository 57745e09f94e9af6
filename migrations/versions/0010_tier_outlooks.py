"""Drafts of tiers whose moves a job counts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table and fence it in by programme."""
    op.create_table(
        "tier_outlook",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("typed", postgresql.JSONB(), nullable=False),
        sa.Column("tiers", postgresql.JSONB(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_member_id", sa.BigInteger(), nullable=False),
        sa.Column("members_total", sa.BigInteger(), nullable=False),
        sa.Column("members_done", sa.BigInteger(), nullable=False),
        sa.Column("moves", postgresql.JSONB(), nullable=False),
        sa.Column("later_moves", postgresql.JSONB(), nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('counting', 'done', 'failed')", name=op.f("ck_tier_outlook_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_tier_outlook_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_outlook")),
    )
    op.create_index(op.f("ix_tier_outlook_program_id"), "tier_outlook", ["program_id"])
    owner = "program_id = (select nullif(current_setting('app.program_id', true), '')::bigint)"
    app = _app()
    op.execute("alter table tier_outlook enable row level security")
    op.execute(
        f"create policy tenant on tier_outlook to {app} using ({owner}) with check ({owner})"
    )
    op.execute(f"grant select, insert, update, delete on tier_outlook to {app}")


def _app() -> str:
    role = f"{op.get_bind().engine.url.database}_app"
    return '"' + role.replace('"', '""') + '"'
