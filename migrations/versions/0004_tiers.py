"""Tiers of every kind, their changes, and the roll-up that they are reckoned from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PROGRAM_TABLES = (
    "customer_mark",
    "member_birthday",
    "member_day",
    "tier_change",
    "tier_change_note",
)
INSERT_ONLY = ("tier_change",)


def upgrade() -> None:
    """Add the columns and tables, fence the tables in and fill the roll-up."""
    _extend_tiers()
    _extend_programs()
    _extend_members()
    _create_tables()
    for table in PROGRAM_TABLES:
        _fence(table)
    for table in INSERT_ONLY:
        op.execute(
            f"create trigger insert_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )
    _roll_up()


def _extend_tiers() -> None:
    op.alter_column("tier", "threshold_minor", new_column_name="threshold", nullable=True)
    op.execute(
        "alter table tier rename constraint uq_tier_program_id_threshold_minor to uq_tier_program_id_threshold"
    )
    op.add_column("tier", sa.Column("rank", sa.BigInteger(), nullable=True))
    op.execute(
        "update tier set rank = ranked.rank from (select id, row_number() over"
        " (partition by program_id order by threshold) as rank from tier) ranked"
        " where ranked.id = tier.id"
    )
    op.alter_column("tier", "rank", nullable=False)
    for column in (
        sa.Column("entry", sa.Text(), nullable=False, server_default="threshold"),
        sa.Column("entry_value", sa.Text()),
        sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("entry_points", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("yearly_points", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("birthday_points", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("perks_since", sa.DateTime(timezone=True)),
        sa.Column("free_shipping", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("customer_tag", sa.Text()),
    ):
        op.add_column("tier", column)
    op.create_unique_constraint(op.f("uq_tier_program_id_rank"), "tier", ["program_id", "rank"])
    _check("tier", "entry_known", "entry in ('threshold', 'invitation', 'tag', 'company')")
    _check("tier", "threshold_with_entry", "(entry = 'threshold') = (threshold is not null)")
    _check(
        "tier",
        "perks_not_negative",
        "entry_points >= 0 and yearly_points >= 0 and birthday_points >= 0",
    )


def _extend_programs() -> None:
    for column in (
        sa.Column("tier_measure", sa.Text(), nullable=False, server_default="spend"),
        sa.Column("tier_window", sa.Text(), nullable=False, server_default="rolling"),
        sa.Column("tier_grace_days", sa.BigInteger(), nullable=False, server_default="30"),
        sa.Column("tier_loss", sa.Text(), nullable=False, server_default="earned"),
        sa.Column("tiers_settled", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("program", column)
    _check("program", "tier_measure_known", "tier_measure in ('spend', 'points', 'orders')")
    _check("program", "tier_window_known", "tier_window in ('rolling', 'calendar', 'lifetime')")
    _check("program", "tier_grace_in_range", "tier_grace_days between 0 and 366")
    _check("program", "tier_loss_known", "tier_loss in ('earned', 'step', 'never')")


def _extend_members() -> None:
    op.drop_constraint(op.f("fk_member_tier_id"), "member")
    for name in ("pinned_tier_id", "granted_tier_id"):
        op.add_column("member", sa.Column(name, sa.BigInteger()))
        op.create_foreign_key(
            op.f(f"fk_member_{name}"), "member", "tier", [name], ["id"], ondelete="RESTRICT"
        )
    for name in ("pinned_until", "tier_review_at"):
        op.add_column("member", sa.Column(name, sa.DateTime(timezone=True)))
    # Where nothing is due and nobody was merged, a new version of a row need not be indexed.
    for name in ("next_due_at", "merged_into_id"):
        op.drop_index(f"ix_member_{name}", "member")
        op.create_index(
            f"ix_member_{name}",
            "member",
            [name],
            postgresql_where=sa.text(f"{name} is not null"),
        )
    op.create_index(
        "ix_member_tier_review",
        "member",
        ["program_id", "tier_review_at"],
        postgresql_where=sa.text("tier_review_at is not null"),
    )

    # Spend is summed up by day; orders whose spend changes need not be indexed anew.
    op.drop_index("ix_customer_order_member", "customer_order")
    op.create_index("ix_customer_order_member", "customer_order", ["member_id", "processed_at"])


def _create_tables() -> None:
    op.create_table(
        "tier_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("from_tier_id", sa.BigInteger()),
        sa.Column("from_name", sa.Text()),
        sa.Column("to_tier_id", sa.BigInteger()),
        sa.Column("to_name", sa.Text()),
        sa.Column("rises", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("measure", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason in ('reached', 'lost', 'pinned', 'unpinned', 'tag', 'company', 'settings',"
            " 'merged', 'backfill')",
            name=op.f("ck_tier_change_reason_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_change")),
    )
    op.create_index("ix_tier_change_member", "tier_change", ["member_id", "id"])
    op.create_index(
        "ix_tier_change_entry",
        "tier_change",
        ["program_id", "at"],
        postgresql_where=sa.text("rises and reason in ('reached', 'pinned', 'tag', 'company')"),
    )
    op.create_table(
        "tier_change_note",
        sa.Column("tier_change_id", sa.BigInteger(), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tier_change_id"],
            ["tier_change.id"],
            name=op.f("fk_tier_change_note_tier_change_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tier_change_id", name=op.f("pk_tier_change_note")),
    )
    op.create_table(
        "member_day",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "spend_minor >= 0 and orders >= 0 and points >= 0",
            name=op.f("ck_member_day_not_negative"),
        ),
        _member_key("member_day"),
        sa.PrimaryKeyConstraint("member_id", "day", name=op.f("pk_member_day")),
    )
    op.create_table(
        "member_birthday",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("month_day", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "month_day between 101 and 1231", name=op.f("ck_member_birthday_month_day_in_range")
        ),
        _member_key("member_birthday"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_birthday")),
    )
    op.create_index("ix_member_birthday_day", "member_birthday", ["program_id", "month_day"])
    op.create_table(
        "customer_mark",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('tag', 'company')", name=op.f("ck_customer_mark_kind_known")),
        sa.PrimaryKeyConstraint(
            "shop_id", "customer_id", "kind", "value", name=op.f("pk_customer_mark")
        ),
    )
    op.create_index("ix_customer_mark_program", "customer_mark", ["program_id", "kind", "value"])


def _roll_up() -> None:
    """Fill member_day from the orders and awards that are there."""
    op.execute("""
        insert into member_day (member_id, day, program_id, spend_minor, points, orders)
        select member_id, day, program_id, sum(spend_minor), sum(points), sum(orders)
        from (
            select o.member_id, (o.processed_at at time zone p.iana_timezone)::date as day,
                p.id as program_id, o.spend_minor, 0 as points,
                (o.spend_minor > 0)::int as orders
            from customer_order o
            join shop s on s.id = o.shop_id
            join program p on p.id = s.program_id
            where o.member_id is not null and o.spend_minor > 0
            union all
            select a.member_id, (o.processed_at at time zone p.iana_timezone)::date,
                p.id, 0, a.points, 0
            from award a
            join program p on p.id = a.program_id
            join customer_order o on a.source_kind = 'order'
                and o.shop_id = split_part(a.source_id, ':', 1)::bigint
                and o.order_id = split_part(a.source_id, ':', 2)::bigint
            where a.points > 0
            union all
            select a.member_id, (l.available_at at time zone p.iana_timezone)::date,
                p.id, 0, a.points, 0
            from award a
            join program p on p.id = a.program_id
            join lot l on l.award_id = a.id
            where a.source_kind = 'sign_up' and a.points > 0
        ) done
        group by member_id, day, program_id
    """)


def _member_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["member_id"], ["member.id"], name=op.f(f"fk_{table}_member_id"), ondelete="RESTRICT"
    )


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _fence(table: str) -> None:
    """Let the app role see and write only rows of the tenant that the transaction named."""
    owner = "program_id = (select nullif(current_setting('app.program_id', true), '')::bigint)"
    rights = "select, insert" if table in INSERT_ONLY else "select, insert, update, delete"
    app = _app_role()
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy tenant on {table} to {app} using ({owner}) with check ({owner})")
    op.execute(f"grant {rights} on {table} to {app}")
    op.execute(f"grant usage on all sequences in schema public to {app}")


def _app_role() -> str:
    name = f"{op.get_bind().engine.url.database}_app"
    return '"' + name.replace('"', '""') + '"'
