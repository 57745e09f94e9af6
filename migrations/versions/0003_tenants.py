"""Roles, their rights, and row-level security on every table of a tenant."""

from alembic import op

revision = "0003"
down_revision = "0002"

PROGRAM_TABLES = (
    "allocation",
    "award",
    "expiry_warning",
    "ledger_proof",
    "lot",
    "member",
    "member_identity",
    "picked_item",
    "posting",
    "posting_note",
    "redemption",
    "reward",
    "rule_comparison",
    "rule_comparison_member",
    "rule_draft",
    "rule_version",
    "tier",
)
SHOP_TABLES = (
    "backfill",
    "backfill_member",
    "customer",
    "customer_order",
    "history_import",
    "order_deletion",
    "order_fact",
    "order_refund",
    "reconciliation",
    "webhook_event",
)
INSERT_ONLY = ("expiry_warning", "ledger_proof", "posting", "rule_version")
JOB_TABLES = (
    "procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers"
)
SWEPT_COLUMNS = {
    "shop": "id, program_id, domain, name, plan_name, is_plus, installed_at, uninstalled_at,"
    " must_reopen, refresh_token_expires_at, reconciled_through, redacted_at",
    "program": "id, name, currency, iana_timezone, widget_version, widget_pushed_version",
    "webhook_event": "id, shop_id, topic, state, attempts, next_attempt_at, received_at,"
    " handled_at",
    "customer_order": "shop_id, facts_wanted",
    "member": "id, program_id, next_due_at, behind, closed_at, tier_until",
    "redemption": "id, program_id, shop_id, member_id, state, created_at, expires_at",
    "history_import": "id, shop_id, state, looked_at",
    "backfill": "id, program_id, shop_id, state",
}
"""What a sweep over all shops may read: where there is work, nothing about people."""
INTAKE_SHOP_COLUMNS = "id, program_id, domain, uninstalled_at, redacted_at"


def upgrade() -> None:
    """Create the roles and fence every tenant in."""
    for role in ("app", "intake", "sweep"):
        _create_role(role)
        _execute(f"grant usage on schema public to {_role(role)}")
        _execute(f"grant usage on all sequences in schema public to {_role(role)}")
    _fence("program", "id", "program")
    _fence("shop", "id", "shop")
    for table in PROGRAM_TABLES:
        _fence(table, "program_id", "program")
    for table in SHOP_TABLES:
        _fence(table, "shop_id", "shop")
    _open_for_sweeps()
    _open_for_intake()
    for role in ("app", "intake", "sweep"):
        _execute(f"grant select, insert, update, delete on {JOB_TABLES} to {_role(role)}")
    _make_insert_only()
    _keep_promises()


def _fence(table: str, column: str, tenant: str) -> None:
    """Let the app role see and write only rows of the tenant that the transaction named."""
    owner = f"{column} = (select nullif(current_setting('app.{tenant}_id', true), '')::bigint)"
    rights = "select, insert" if table in INSERT_ONLY else "select, insert, update, delete"
    _execute(f"alter table {table} enable row level security")
    _execute(
        f"create policy tenant on {table} to {_role('app')} using ({owner}) with check ({owner})"
    )
    _execute(f"grant {rights} on {table} to {_role('app')}")


def _open_for_sweeps() -> None:
    for table, columns in SWEPT_COLUMNS.items():
        _execute(f"create policy sweep on {table} for select to {_role('sweep')} using (true)")
        _execute(f"grant select ({columns}) on {table} to {_role('sweep')}")


def _open_for_intake() -> None:
    """Let the intake find shops by domain and put events into any shop's inbox, no more."""
    intake = _role("intake")
    _execute(f"create policy intake on shop for select to {intake} using (true)")
    _execute(f"grant select ({INTAKE_SHOP_COLUMNS}) on shop to {intake}")
    _execute(f"create policy intake on webhook_event for insert to {intake} with check (true)")
    _execute(f"grant insert on webhook_event to {intake}")


def _keep_promises() -> None:
    """Refuse to give a lot to somebody else, or to change what it was promised.

    Nothing is checked, and so nothing is lost, where these columns are not written.
    """
    _execute(
        "create function refuse_broken_promise() returns trigger language plpgsql as $$ begin"
        " if (new.member_id, new.award_id, new.available_at, new.expires_at) is distinct from"
        " (old.member_id, old.award_id, old.available_at, old.expires_at) then"
        " raise exception 'lot %% keeps its member, award and moments', old.id"
        " using errcode = 'restrict_violation'; end if; return new; end $$"
    )
    _execute(
        "create trigger keeps_promises before update of member_id, award_id, available_at,"
        " expires_at on lot for each row execute function refuse_broken_promise()"
    )


def _make_insert_only() -> None:
    """Refuse every change of what was posted or published, to the owner as well."""
    _execute(
        "create function refuse_change() returns trigger language plpgsql as $$ begin"
        " raise exception '%% is insert-only', tg_table_name"
        " using errcode = 'restrict_violation'; end $$"
    )
    for table in INSERT_ONLY:
        _execute(
            f"create trigger insert_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )


def _create_role(name: str) -> None:
    """Create the role unless the cluster has it, and let the owner act as it."""
    literal = _quote(_role_name(name), "'")
    known = f"select from pg_roles where rolname = {literal}"
    _execute(
        f"do $$ begin if not exists ({known}) then create role {_role(name)} nologin;"
        " end if; end $$"
    )
    _execute(f"grant {_role(name)} to current_user")


def _role_name(name: str) -> str:
    """Return the name of a role: roles belong to the cluster, so the database's leads."""
    return f"{op.get_bind().engine.url.database}_{name}"


def _role(name: str) -> str:
    return _quote(_role_name(name), '"')


def _quote(value: str, mark: str) -> str:
    return mark + value.replace(mark, mark * 2) + mark


def _execute(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)
