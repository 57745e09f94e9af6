"""Checks what a ledger's rows name, and where points may move, once a statement."""

from collections.abc import Mapping

from alembic import op

revision = "0011"
down_revision = "0010"

NAMED: Mapping[str, Mapping[str, str]] = {
    "posting": {
        "member_id": "member",
        "award_id": "award",
        "redemption_id": "redemption",
        "lot_id": "lot",
    },
    "lot": {"member_id": "member", "award_id": "award"},
}
"""Columns by table, with the table whose rows they name. None of them is ever updated."""
KEPT = ("member", "award", "redemption", "lot")
ACCOUNTS = (
    "('pending', 'available', 'held', 'issued', 'redeemed', 'expired', 'adjusted', 'donated',"
    " 'transferred')"
)
REPLACED_CHECKS = {
    "posting": (
        "debit_account_known",
        "credit_account_known",
        "accounts_differ",
        "held_between_available_and_redeemed",
        "pending_between_issued_and_available",
    ),
    "lot": (
        "points_not_negative",
        "remaining_within_points",
        "expired_within_points",
        "written_off_not_negative",
    ),
}


def upgrade() -> None:
    """Replace a question for each row by one for each statement; see docs/decisions/0030."""
    _keep_what_is_named()
    for table, columns in NAMED.items():
        for column in columns:
            op.drop_constraint(op.f(f"fk_{table}_{column}"), table)
        _refuse_unknown_names(table, columns)
    for table, checks in REPLACED_CHECKS.items():
        for check in checks:
            op.drop_constraint(op.f(f"ck_{table}_{check}"), table)
    _say_where_points_move()
    op.create_check_constraint(
        op.f("ck_posting_movement_known"),
        "posting",
        "points_may_move(debit_account, credit_account)",
    )
    op.create_check_constraint(
        op.f("ck_lot_remaining_and_expired_within_points"),
        "lot",
        "least(remaining, expired, written_off) >= 0 and remaining + expired <= points",
    )


def _keep_what_is_named() -> None:
    """Refuse to remove or renumber what a posting or a lot may name, to the owner as well."""
    op.execute(
        "create function refuse_removal() returns trigger language plpgsql as $$ begin"
        " raise exception 'rows of % are kept, as the ledger names them', tg_table_name"
        " using errcode = 'foreign_key_violation'; end $$"
    )
    for table in KEPT:
        op.execute(
            f"create trigger kept before delete or truncate or update of id on {table}"
            " for each statement execute function refuse_removal()"
        )


def _refuse_unknown_names(table: str, columns: Mapping[str, str]) -> None:
    """Refuse rows that name what is not there, or what is another programme's.

    Each name is one search in a primary key, also on a connection that planned it while the table
    was small: the function is the owner's, for whom no policy suggests another index, and does not
    read tables from end to end.
    """
    unknown = " or ".join(
        f"written.{column} is not null"  # noqa: S608 - our own names
        f" and (select program_id from public.{named} where id = written.{column})"
        " is distinct from written.program_id"
        for column, named in columns.items()
    )
    op.execute(
        f"create function refuse_unknown_names_of_{table}() returns trigger language plpgsql"
        " security definer set enable_seqscan = off as $$"
        f" begin if exists (select from written where {unknown}) then"
        f" raise exception 'a {table} names what is not there'"
        f" using errcode = 'foreign_key_violation', table = '{table}'; end if;"
        " return null; end $$"
    )
    op.execute(
        f"create trigger names_known after insert on {table} referencing new table as written"
        f" for each statement execute function refuse_unknown_names_of_{table}()"
    )


def _say_where_points_move() -> None:
    """Say in one function what five checks said: PostgreSQL reads each check's text every time."""
    op.execute(
        "create function points_may_move(debit text, credit text) returns boolean"
        " immutable parallel safe language plpgsql as $$ begin return"
        f" debit <> credit and debit in {ACCOUNTS} and credit in {ACCOUNTS}"
        " and (credit <> 'held' or debit in ('available', 'transferred'))"
        " and (debit <> 'held' or credit in ('available', 'redeemed', 'donated', 'transferred'))"
        " and (credit <> 'pending' or debit in ('issued', 'transferred'))"
        " and (debit <> 'pending' or credit in ('available', 'issued', 'transferred'));"
        " end $$"
    )
