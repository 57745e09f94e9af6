"""Redemptions that are being taken back, and when a job looks at one next."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OPEN = "state in ('held', 'ready', 'releasing')"
STATES = "state in ('held', 'ready', 'releasing', 'used', 'released')"


def upgrade() -> None:
    """Add what a taking back needs to know, and tell jobs when the present ones are due."""
    for name, kind in (
        ("asked_at", sa.DateTime(timezone=True)),
        ("releasing_at", sa.DateTime(timezone=True)),
        ("released_by", sa.Text()),
        ("due_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("redemption", sa.Column(name, kind, nullable=True))
    _replace_checks()
    op.drop_index("ix_redemption_member_open", "redemption")
    op.drop_index("ix_redemption_open", "redemption")
    op.create_index(
        "ix_redemption_member_open", "redemption", ["member_id", "id"], postgresql_where=OPEN
    )
    op.create_index(
        "ix_redemption_due", "redemption", ["due_at"], postgresql_where="due_at is not null"
    )
    op.execute("update redemption set due_at = created_at where state = 'held'")
    op.execute(
        "update redemption set due_at = expires_at + interval '1 hour' where state = 'ready'"
    )
    sweep = f"{op.get_bind().engine.url.database}_sweep".replace('"', '""')
    op.get_bind().exec_driver_sql(f'grant select (due_at) on redemption to "{sweep}"')


def _replace_checks() -> None:
    op.drop_constraint(op.f("ck_redemption_state_known"), "redemption")
    op.create_check_constraint(op.f("ck_redemption_state_known"), "redemption", STATES)
    op.create_check_constraint(
        op.f("ck_redemption_releasing_since_a_moment"),
        "redemption",
        "state <> 'releasing' or (releasing_at is not null and release_reason is not null)",
    )
