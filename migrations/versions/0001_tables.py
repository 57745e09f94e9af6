"""The tables of the models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table with its constraints and indexes."""
    op.create_table(
        "program",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("iana_timezone", sa.Text(), nullable=False),
        sa.Column("earning_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points_name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("appearance", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("widget_version", sa.BigInteger(), nullable=False),
        sa.Column("widget_pushed_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_program_currency_is_iso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
    )
    op.create_table(
        "reward",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_reward_points_positive")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_reward_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
    )
    op.create_index(op.f("ix_reward_program_id"), "reward", ["program_id"], unique=False)
    op.create_table(
        "rule_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_rule_version_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("program_id", "number", name=op.f("uq_rule_version_program_id_number")),
    )
    op.create_table(
        "shop",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("primary_locale", sa.Text(), nullable=False),
        sa.Column("plan_name", sa.Text(), nullable=False),
        sa.Column("is_plus", sa.Boolean(), nullable=False),
        sa.Column("shop_gid", sa.Text(), nullable=False),
        sa.Column("installation_gid", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("access_token", sa.LargeBinary(), nullable=True),
        sa.Column("access_token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("refresh_token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_reopen", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uninstalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconciled_through", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "domain ~ '^[a-z0-9][a-z0-9-]*[.]myshopify[.]com$'",
            name=op.f("ck_shop_domain_is_myshopify"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_shop_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
        sa.UniqueConstraint("domain", name=op.f("uq_shop_domain")),
    )
    op.create_index(op.f("ix_shop_program_id"), "shop", ["program_id"], unique=False)
    op.create_table(
        "tier",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("threshold_minor", sa.BigInteger(), nullable=False),
        sa.Column("multiplier_bp", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "multiplier_bp between 10000 and 100000", name=op.f("ck_tier_multiplier_in_range")
        ),
        sa.CheckConstraint("threshold_minor >= 0", name=op.f("ck_tier_threshold_not_negative")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_tier_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_tier_program_id_name")),
        sa.UniqueConstraint(
            "program_id", "threshold_minor", name=op.f("uq_tier_program_id_threshold_minor")
        ),
    )
    op.create_table(
        "customer",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("former_member_id", sa.BigInteger(), nullable=True),
        sa.Column("data_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_customer_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", name=op.f("pk_customer")),
    )
    op.create_index("ix_customer_email_hash", "customer", ["shop_id", "email_hash"], unique=False)
    op.create_index(
        "ix_customer_former_member",
        "customer",
        ["former_member_id"],
        unique=False,
        postgresql_where=sa.text("former_member_id is not null"),
    )
    op.create_index(
        "ix_customer_data_requested",
        "customer",
        ["shop_id", "data_requested_at"],
        unique=False,
        postgresql_where=sa.text("data_requested_at is not null"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tier_id", sa.BigInteger(), nullable=True),
        sa.Column("tier_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tier_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("available", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "chain_head", sa.LargeBinary(), server_default=sa.text("''::bytea"), nullable=False
        ),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("pushed_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "behind",
            sa.Boolean(),
            sa.Computed("pushed_version < version", persisted=True),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("held >= 0", name=op.f("ck_member_held_not_negative")),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_member_pending_not_negative")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["member.id"],
            name=op.f("fk_member_merged_into_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_member_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tier_id"], ["tier.id"], name=op.f("fk_member_tier_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_foreign_key(
        op.f("fk_customer_former_member_id"),
        "customer",
        "member",
        ["former_member_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.create_table(
        "expiry_warning",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_before", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_expiry_warning_points_positive")),
        sa.CheckConstraint("days_before >= 0", name=op.f("ck_expiry_warning_days_not_negative")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_expiry_warning_member_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "expires_at", "days_before", name=op.f("pk_expiry_warning")
        ),
    )
    op.create_index(
        "ix_expiry_warning_recorded",
        "expiry_warning",
        ["program_id", "recorded_at"],
        unique=False,
    )
    op.create_index(op.f("ix_member_merged_into_id"), "member", ["merged_into_id"], unique=False)
    op.create_index("ix_member_joined", "member", ["program_id", "joined_at", "id"], unique=False)
    op.create_index(op.f("ix_member_next_due_at"), "member", ["next_due_at"], unique=False)
    op.create_index(
        "ix_member_push",
        "member",
        ["program_id", "id"],
        unique=False,
        postgresql_where=sa.text("behind"),
    )
    op.create_table(
        "order_refund",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refund_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refund", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "refund_id", name=op.f("pk_order_refund")),
    )
    op.create_table(
        "order_deletion",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name=op.f("pk_order_deletion")),
    )
    op.create_table(
        "order_fact",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "subject in ('product', 'customer')", name=op.f("ck_order_fact_subject_known")
        ),
        sa.PrimaryKeyConstraint(
            "shop_id", "order_id", "subject", "subject_id", name=op.f("pk_order_fact")
        ),
    )
    op.create_index(
        "ix_order_fact_customer",
        "order_fact",
        ["shop_id", "subject_id"],
        unique=False,
        postgresql_where=sa.text("subject = 'customer'"),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("api_version", sa.Text(), nullable=False),
        sa.Column("triggered_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state in (0, 1, 2, 3)", name=op.f("ck_webhook_event_state_known")),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_webhook_event_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint(
            "shop_id", "webhook_id", name=op.f("uq_webhook_event_shop_id_webhook_id")
        ),
    )
    # Bodies are packed: PostgreSQL would look in vain for more to squeeze out.
    op.execute("alter table webhook_event alter column body set storage external")
    op.create_index(
        "ix_webhook_event_due",
        "webhook_event",
        ["shop_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index(
        "ix_webhook_event_failed",
        "webhook_event",
        ["shop_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 3"),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("rule_version_id", sa.BigInteger(), nullable=False),
        sa.Column("pin", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("input", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column("receipt", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_award_points_not_negative")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_award_member_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"],
            ["rule_version.id"],
            name=op.f("fk_award_rule_version_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint(
            "program_id",
            "source_kind",
            "source_id",
            name=op.f("uq_award_program_id_source_kind_source_id"),
        ),
    )
    op.create_index(op.f("ix_award_member_id"), "award", ["member_id"], unique=False)
    op.create_table(
        "customer_order",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_spend_minor", sa.BigInteger(), nullable=True),
        sa.Column("paid_snapshot", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column("facts_wanted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("original_spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "spend_minor >= 0 and original_spend_minor >= 0",
            name=op.f("ck_customer_order_spend_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_customer_order_member_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name=op.f("pk_customer_order")),
    )
    op.create_index(
        "ix_customer_order_member",
        "customer_order",
        ["member_id", "processed_at"],
        unique=False,
        postgresql_include=["spend_minor"],
    )
    op.create_index(
        "ix_customer_order_waiting",
        "customer_order",
        ["shop_id", "customer_id"],
        unique=False,
        postgresql_where=sa.text("member_id is null"),
    )
    op.create_index(
        "ix_customer_order_facts_wanted",
        "customer_order",
        ["shop_id", "order_id"],
        unique=False,
        postgresql_where=sa.text("facts_wanted"),
    )
    op.create_table(
        "member_identity",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_member_identity_member_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_member_identity_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", name=op.f("pk_member_identity")),
    )
    op.create_index(
        op.f("ix_member_identity_member_id"), "member_identity", ["member_id"], unique=False
    )
    op.create_table(
        "redemption",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("reward_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("discount_gid", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state in ('held', 'ready', 'used', 'released')", name=op.f("ck_redemption_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'used') = (order_id is not null and used_at is not null)",
            name=op.f("ck_redemption_used_by_an_order"),
        ),
        sa.CheckConstraint(
            "state <> 'released' or released_at is not null",
            name=op.f("ck_redemption_released_at_a_moment"),
        ),
        sa.CheckConstraint(
            "returned = 0 or state = 'used'", name=op.f("ck_redemption_returned_after_use")
        ),
        sa.CheckConstraint("points > 0", name=op.f("ck_redemption_points_positive")),
        sa.CheckConstraint(
            "returned between 0 and points", name=op.f("ck_redemption_returned_within_points")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_redemption_member_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_redemption_reward_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_redemption_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint(
            "member_id", "idempotency_key", name=op.f("uq_redemption_member_id_idempotency_key")
        ),
        sa.UniqueConstraint("shop_id", "code_hash", name=op.f("uq_redemption_shop_id_code_hash")),
    )
    op.create_index("ix_redemption_member", "redemption", ["member_id", "id"], unique=False)
    op.create_index(
        "ix_redemption_member_open",
        "redemption",
        ["member_id", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('held', 'ready')"),
    )
    op.create_index(
        "ix_redemption_open",
        "redemption",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state in ('held', 'ready')"),
    )
    op.create_index(
        "ix_redemption_order",
        "redemption",
        ["shop_id", "order_id"],
        unique=False,
        postgresql_where=sa.text("order_id is not null"),
    )
    op.create_table(
        "lot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("award_id", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("expired", sa.BigInteger(), nullable=False),
        sa.Column("written_off", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matured", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "expired >= 0 and remaining + expired <= points",
            name=op.f("ck_lot_expired_within_points"),
        ),
        sa.CheckConstraint("points >= 0", name=op.f("ck_lot_points_not_negative")),
        sa.CheckConstraint("written_off >= 0", name=op.f("ck_lot_written_off_not_negative")),
        sa.CheckConstraint(
            "expires_at > available_at", name=op.f("ck_lot_expires_after_it_is_available")
        ),
        sa.CheckConstraint(
            "remaining between 0 and points", name=op.f("ck_lot_remaining_within_points")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_lot_award_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_lot_member_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    op.create_index("ix_lot_award", "lot", ["award_id"], unique=False)
    op.create_index(
        "ix_lot_open",
        "lot",
        ["member_id", "expires_at", "id"],
        unique=False,
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "allocation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("redemption_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("restored", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_allocation_points_positive")),
        sa.CheckConstraint(
            "restored between 0 and points", name=op.f("ck_allocation_restored_within_points")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_allocation_lot_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_allocation_member_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"],
            ["redemption.id"],
            name=op.f("fk_allocation_redemption_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index("ix_allocation_lot", "allocation", ["lot_id"], unique=False)
    op.create_index("ix_allocation_redemption", "allocation", ["redemption_id", "id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("debit_account", sa.Text(), nullable=False),
        sa.Column("credit_account", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("award_id", sa.BigInteger(), nullable=True),
        sa.Column("redemption_id", sa.BigInteger(), nullable=True),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "credit_account in ('pending', 'available', 'held', 'issued', 'redeemed', 'expired', 'adjusted', 'donated', 'transferred')",
            name=op.f("ck_posting_credit_account_known"),
        ),
        sa.CheckConstraint(
            "debit_account in ('pending', 'available', 'held', 'issued', 'redeemed', 'expired', 'adjusted', 'donated', 'transferred')",
            name=op.f("ck_posting_debit_account_known"),
        ),
        sa.CheckConstraint(
            "debit_account <> credit_account", name=op.f("ck_posting_accounts_differ")
        ),
        sa.CheckConstraint("points > 0", name=op.f("ck_posting_points_positive")),
        sa.CheckConstraint(
            "(credit_account <> 'held' or debit_account in ('available', 'transferred')) and"
            " (debit_account <> 'held' or"
            " credit_account in ('available', 'redeemed', 'transferred'))",
            name=op.f("ck_posting_held_between_available_and_redeemed"),
        ),
        sa.CheckConstraint(
            "(credit_account <> 'pending' or debit_account in ('issued', 'transferred')) and"
            " (debit_account <> 'pending' or"
            " credit_account in ('available', 'issued', 'transferred'))",
            name=op.f("ck_posting_pending_between_issued_and_available"),
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_posting_award_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_posting_lot_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_posting_member_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"],
            ["redemption.id"],
            name=op.f("fk_posting_redemption_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("member_id", "sequence", name=op.f("uq_posting_member_id_sequence")),
        sa.UniqueConstraint(
            "program_id", "source_key", name=op.f("uq_posting_program_id_source_key")
        ),
    )
    op.create_index("ix_posting_award", "posting", ["award_id"], unique=False)
    op.create_index("ix_posting_recorded", "posting", ["program_id", "recorded_at"], unique=False)
    op.create_index(
        "ix_posting_redemption",
        "posting",
        ["redemption_id"],
        unique=False,
        postgresql_where=sa.text("redemption_id is not null"),
    )
    op.create_table(
        "posting_note",
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["posting.id"],
            name=op.f("fk_posting_note_posting_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_posting_note")),
    )
    op.create_table(
        "ledger_proof",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("postings", sa.BigInteger(), nullable=False),
        sa.Column("last_posting_id", sa.BigInteger(), nullable=False),
        sa.Column("awards", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("discrepancies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("postings >= 0", name=op.f("ck_ledger_proof_postings_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_proof")),
    )
    op.create_index("ix_ledger_proof_program", "ledger_proof", ["program_id", "id"], unique=False)
    op.create_table(
        "picked_item",
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('product', 'collection')", name=op.f("ck_picked_item_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_picked_item_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("program_id", "kind", "item_id", name=op.f("pk_picked_item")),
    )
    op.create_table(
        "rule_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_rule_draft_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_draft")),
    )
    op.create_index(op.f("ix_rule_draft_program_id"), "rule_draft", ["program_id"], unique=False)
    op.create_table(
        "rule_comparison",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_revision", sa.BigInteger(), nullable=False),
        sa.Column("draft_rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("live_rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("live_number", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("orders_total", sa.BigInteger(), nullable=False),
        sa.Column("orders_done", sa.BigInteger(), nullable=False),
        sa.Column("orders_unknown", sa.BigInteger(), nullable=False),
        sa.Column("live_points", sa.BigInteger(), nullable=False),
        sa.Column("draft_points", sa.BigInteger(), nullable=False),
        sa.Column("members_gaining", sa.BigInteger(), nullable=False),
        sa.Column("members_losing", sa.BigInteger(), nullable=False),
        sa.Column("members_same", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("since < until", name=op.f("ck_rule_comparison_period_has_length")),
        sa.CheckConstraint(
            "state in ('running', 'done', 'failed')", name=op.f("ck_rule_comparison_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["rule_draft.id"],
            name=op.f("fk_rule_comparison_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_rule_comparison_program_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_rule_comparison_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_comparison")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_rule_comparison_draft_id")),
    )
    op.create_index(
        op.f("ix_rule_comparison_program_id"), "rule_comparison", ["program_id"], unique=False
    )
    op.create_table(
        "rule_comparison_member",
        sa.Column("comparison_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("live_points", sa.BigInteger(), nullable=False),
        sa.Column("draft_points", sa.BigInteger(), nullable=False),
        sa.Column(
            "difference_size",
            sa.BigInteger(),
            sa.Computed("abs(draft_points - live_points)", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["rule_comparison.id"],
            name=op.f("fk_rule_comparison_member_comparison_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_rule_comparison_member_member_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint(
            "comparison_id", "member_id", name=op.f("pk_rule_comparison_member")
        ),
    )
    op.create_index(
        "ix_rule_comparison_member_largest",
        "rule_comparison_member",
        ["comparison_id", "difference_size", "member_id"],
        unique=False,
    )
    _create_back_fill()


def _create_back_fill() -> None:
    """Create what reads, grants and compares a shop's past."""
    op.create_table(
        "history_import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("sees_all_orders", sa.Boolean(), nullable=False),
        sa.Column("operation_gid", sa.Text(), nullable=True),
        sa.Column("orders_told", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("orders_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("orders_new", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("oldest_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'reading', 'done', 'cancelled', 'failed')",
            name=op.f("ck_history_import_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_history_import_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_import")),
    )
    op.create_index(
        "uq_history_import_open",
        "history_import",
        ["shop_id"],
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'running', 'reading')"),
    )
    op.create_index("ix_history_import_shop", "history_import", ["shop_id", "id"], unique=False)
    op.create_table(
        "backfill",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("orders_total", sa.BigInteger(), nullable=False),
        sa.Column("orders_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("orders", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("members", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("points", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column(
            "tiers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("orders_granted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("points_granted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('reckoning', 'ready', 'granting', 'done', 'cancelled', 'failed')",
            name=op.f("ck_backfill_state_known"),
        ),
        sa.CheckConstraint("since < until", name=op.f("ck_backfill_period_has_length")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_backfill_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_backfill_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfill")),
    )
    op.create_index(
        "uq_backfill_open",
        "backfill",
        ["shop_id"],
        unique=True,
        postgresql_where=sa.text("state in ('reckoning', 'ready', 'granting')"),
    )
    op.create_index("ix_backfill_shop", "backfill", ["shop_id", "id"], unique=False)
    op.create_table(
        "backfill_member",
        sa.Column("backfill_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["backfill_id"],
            ["backfill.id"],
            name=op.f("fk_backfill_member_backfill_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_backfill_member_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("backfill_id", "member_id", name=op.f("pk_backfill_member")),
    )
    op.create_table(
        "reconciliation",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compared", sa.BigInteger(), nullable=False),
        sa.Column("taken_in", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=False),
        sa.Column("missed_in_all", sa.BigInteger(), nullable=False),
        sa.Column("last_missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shop.id"], name=op.f("fk_reconciliation_shop_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_reconciliation")),
    )
