"""Makes a ledger of millions of postings out of a small real one.

Every row is copied so many times with ids of its own, and the copies' chains are reckoned anew. Ids
and rows stay in the order of time, with all members' rows between one another, as in a shop that
grew by itself: a member's postings lie all over the table.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

MULTIPLIED = {
    "customer": {"customer_id": "customer_id"},
    "member": {"id": "id"},
    "member_identity": {"customer_id": "customer_id", "member_id": "id"},
    "customer_order": {"order_id": "order_id", "customer_id": "customer_id", "member_id": "id"},
    "order_refund": {"order_id": "order_id"},
    "award": {"id": "id", "member_id": "id"},
    "lot": {"id": "id", "member_id": "id", "award_id": "id"},
    "redemption": {
        "id": "id",
        "member_id": "id",
        "customer_id": "customer_id",
        "order_id": "order_id",
    },
    "allocation": {"id": "id", "member_id": "id", "redemption_id": "id", "lot_id": "id"},
}
"""The columns of each table that hold ids, which every copy has its own of."""
SPECIAL = {
    # The order's own ids are in its snapshot too, an award names its order, codes are unique.
    ("customer_order", "snapshot"): r"""regexp_replace(regexp_replace(snapshot::text,
        '"order_id":\d+', '"order_id":' || order_id * %(copies)s + copy),
        '"customer_id":\d+', '"customer_id":' || customer_id * %(copies)s + copy)::json""",
    ("award", "source_id"): "case when source_kind = 'manual' then"
    " split_part(source_id, ':', 1)::bigint * %(copies)s + copy || ':'"
    " || split_part(source_id, ':', 2) else split_part(source_id, ':', 1) || ':'"
    " || split_part(source_id, ':', 2)::bigint * %(copies)s + copy end",
    ("redemption", "code_hash"): "sha256(code_hash || copy::text::bytea)",
}
COPIED_POSTINGS = """
with copied as (
    select id * %(copies)s + copy as id, program_id, member_id * %(copies)s + copy as member_id,
        sequence, kind, debit_account, credit_account, points,
        split_part(source_key, ':', 1) || ':' || split_part(source_key, ':', 2)::bigint
            * %(copies)s + copy || substr(source_key, length(split_part(source_key, ':', 1))
            + length(split_part(source_key, ':', 2)) + 2) as source_key,
        award_id * %(copies)s + copy as award_id, redemption_id * %(copies)s + copy
            as redemption_id, lot_id * %(copies)s + copy as lot_id, actor, occurred_at, recorded_at
    from base cross join lateral generate_series(0, %(copies)s - 1) copy
)
insert into posting (id, program_id, member_id, sequence, kind, debit_account, credit_account,
    points, source_key, award_id, redemption_id, lot_id, actor, occurred_at, recorded_at, hash)
overriding system value
select copied.*, pg_temp.chain(
    '[' || concat_ws(',', program_id, member_id, sequence, to_json(kind), to_json(debit_account),
        to_json(credit_account), points, to_json(source_key), coalesce(award_id::text, 'null'),
        coalesce(redemption_id::text, 'null'), coalesce(lot_id::text, 'null'), to_json(actor),
        (extract(epoch from occurred_at) * 1000000)::bigint,
        (extract(epoch from recorded_at) * 1000000)::bigint) || ']'
) over (partition by member_id order by sequence rows unbounded preceding)
from copied order by id
"""
HEADS = """
update member set chain_head = posting.hash from posting
where posting.member_id = member.id and posting.sequence = member.posting_count
"""
ORDER = {"customer": "customer_id", "member_identity": "member_id", "order_refund": "order_id"}


def multiply(url: str, copies: int, ledger_key: bytes) -> int:
    """Make `copies` of everything a member has, the first in place of itself; return the postings."""
    with psycopg.connect(url) as connection:
        # Nothing here is checked row by row, and nothing need outlive a crash.
        connection.execute("set session_replication_role = replica")
        connection.execute("set maintenance_work_mem = '512MB'")
        with _without_indexes(connection, ["posting", *MULTIPLIED]):
            for table in MULTIPLIED:
                _multiply_table(connection, table, copies)
            count = _multiply_postings(connection, copies, ledger_key)
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("posting", *MULTIPLIED):
            connection.execute(_sql(f"vacuum (analyze) {table}"))
    return count


@contextmanager
def _without_indexes(connection: psycopg.Connection, tables: list[str]) -> Iterator[None]:
    """Drop the tables' indexes, primary keys aside, and make them again."""
    rows = connection.execute(
        "select i.indexrelid::regclass::text, i.indrelid::regclass::text, c.conname,"
        " pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid)"
        " from pg_index i left join pg_constraint c"
        " on c.conindid = i.indexrelid and c.contype = 'u'"
        " where not i.indisprimary and i.indrelid = any(%s::regclass[])",
        (tables,),
    ).fetchall()
    for index, table, constraint, _, _ in rows:
        if constraint:
            connection.execute(_sql(f"alter table {table} drop constraint {constraint}"))
        else:
            connection.execute(_sql(f"drop index {index}"))
    yield
    for _, table, constraint, constraint_definition, index_definition in rows:
        connection.execute(
            _sql(
                f"alter table {table} add constraint {constraint} {constraint_definition}"
                if constraint
                else index_definition
            )
        )


def _multiply_table(connection: psycopg.Connection, table: str, copies: int) -> None:
    columns = [
        name
        for (name,) in connection.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
            " and not attisdropped and attgenerated = '' order by attnum",
            (table,),
        )
    ]
    values = [
        SPECIAL.get((table, name))
        or (f"{name} * %(copies)s + copy" if name in MULTIPLIED[table] else name)
        for name in columns
    ]
    names, order = ", ".join(columns), ORDER.get(table, "created_at, id")
    if table in ("member", "lot", "allocation"):
        order = "id"
    elif table == "customer_order":
        order = "order_id"
    connection.execute(_sql(f"create temporary table base on commit drop as table {table}"))
    # Not `truncate`, which triggers of other tables refuse to hear of.
    connection.execute(_sql(f"delete from {table}"))  # noqa: S608 - our own names
    connection.execute(
        _sql(
            f"insert into {table} ({names}) overriding system value"  # noqa: S608 - our own names
            f" select {', '.join(values)} from (table base order by {order}) base"
            " cross join lateral generate_series(0, %(copies)s - 1) copy"
        ),
        {"copies": copies},
    )
    connection.execute("drop table base")


def _multiply_postings(connection: psycopg.Connection, copies: int, ledger_key: bytes) -> int:
    """Write the copies of all postings, each copy of a member with a chain of its own."""
    connection.execute("set work_mem = '512MB'")
    connection.execute("create temporary table base on commit drop as table posting")
    connection.execute("delete from posting")
    for statement in _chain(ledger_key):
        connection.execute(statement)
    connection.execute(_sql(COPIED_POSTINGS), {"copies": copies})
    connection.execute(_sql(HEADS))
    [(count,)] = connection.execute("select count(*) from posting").fetchall()
    return int(count)


def _chain(ledger_key: bytes) -> Iterator[sql.Composed]:
    """Yield what makes `pg_temp.chain(fields)`, the links of app.db.chain as a window's aggregate."""
    block = ledger_key.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    yield sql.SQL(
        "create function pg_temp.link(previous bytea, fields text) returns bytea"
        " language plpgsql immutable as $$ begin return"
        " sha256({} || sha256({} || previous || convert_to(fields, 'UTF8'))); end $$"
    ).format(sql.Literal(outer), sql.Literal(inner))
    yield sql.SQL(
        "create aggregate pg_temp.chain(text) (sfunc = pg_temp.link, stype = bytea, initcond = {})"
    ).format(sql.Literal(""))


def _sql(text: str) -> sql.SQL:
    """Return a statement made of our own names."""
    return sql.SQL(text)
