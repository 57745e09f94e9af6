"""Makes a ledger of millions of postings out of a small real one.

Every row is copied so many times with ids of its own, and the copies' chains are reckoned anew. Ids
and rows stay in the order of time, with all members' rows between one another, as in a shop that
grew by itself: a member's postings lie all over the table.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from app.db.chain import next_link
from app.domain.ledger import Posting

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
    ("customer_order", "snapshot"): "jsonb_set(jsonb_set(snapshot::jsonb, '{order_id}',"
    " to_jsonb(order_id * %(copies)s + copy)), '{customer_id}',"
    " coalesce(to_jsonb(customer_id * %(copies)s + copy), 'null'))",
    ("award", "source_id"): "case when source_kind = 'manual' then"
    " split_part(source_id, ':', 1)::bigint * %(copies)s + copy || ':'"
    " || split_part(source_id, ':', 2) else split_part(source_id, ':', 1) || ':'"
    " || split_part(source_id, ':', 2)::bigint * %(copies)s + copy end",
    ("redemption", "code_hash"): "sha256(code_hash || copy::text::bytea)",
}
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
    columns = (
        "id, program_id, member_id, sequence, kind, debit_account, credit_account, points,"
        " source_key, award_id, redemption_id, lot_id, actor, occurred_at, recorded_at"
    )
    query = f"select {columns} from posting order by id"  # noqa: S608 - our own names
    rows = connection.execute(_sql(query)).fetchall()
    connection.execute("delete from posting")
    heads: dict[int, bytes] = {}
    with connection.cursor().copy(_sql(f"copy posting ({columns}, hash) from stdin")) as copy:
        for row in rows:
            for number in range(copies):
                copied = _copied(row, copies, number)
                member_id = copied[2]
                heads[member_id] = _link(ledger_key, heads.get(member_id, b""), copied)
                copy.write_row((*copied, heads[member_id]))
    with connection.cursor() as cursor:
        cursor.execute("create temporary table head (id bigint, hash bytea) on commit drop")
        with cursor.copy("copy head from stdin") as copy:
            for head in heads.items():
                copy.write_row(head)
        cursor.execute(
            "update member set chain_head = head.hash from head where head.id = member.id"
        )
    return len(rows) * copies


def _copied(row: tuple, copies: int, number: int) -> tuple:  # type: ignore[type-arg]
    """Return a posting with the ids of one copy."""
    (id_, program_id, member_id, *moved, source_key, award_id, redemption_id, lot_id) = row[:12]

    def own(id_: int | None) -> int | None:
        return None if id_ is None else id_ * copies + number

    kind, _, rest = source_key.partition(":")
    of, _, leg = rest.partition(":")
    key = f"{kind}:{own(int(of))}:{leg}"
    ids = (own(award_id), own(redemption_id), own(lot_id))
    return (own(id_), program_id, own(member_id), *moved, key, *ids, *row[12:])


def _link(ledger_key: bytes, previous: bytes, row: tuple) -> bytes:  # type: ignore[type-arg]
    (_, program_id, member_id, sequence, kind, debit, credit, points, source_key, *ids) = row[:12]
    actor, occurred_at, recorded_at = row[12:15]
    return next_link(
        ledger_key,
        previous,
        program_id=program_id,
        member_id=member_id,
        sequence=sequence,
        posting=Posting(kind, debit, credit, points, source_key, occurred_at, *ids),
        actor=actor,
        recorded_at=recorded_at,
    )


def _sql(text: str) -> sql.SQL:
    """Return a statement made of our own names."""
    return sql.SQL(text)
