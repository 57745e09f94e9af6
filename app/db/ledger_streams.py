"""Streams a ledger's rows for a proof: binary, some thousand at a time, whole however many there are."""

import select
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, LiteralString

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGconn, PGresult
from psycopg.types.numeric import Int8BinaryLoader
from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy.orm import Session

from app.db.wire import driver_of

ROWS_AT_A_TIME = 1_000
_HOLDS_ROWS = frozenset({pq.ExecStatus.TUPLES_CHUNK, pq.ExecStatus.TUPLES_OK})

# What a link covers, in the order of app.db.chain.linker. PostgreSQL counts microseconds from 2000,
# links from 1970: so many hours earlier.
_CHAINED = (
    "program_id, member_id, sequence, kind, debit_account, credit_account, points, source_key,"
    " award_id, redemption_id, lot_id, actor,"
    " occurred_at + interval '262968 hours', recorded_at + interval '262968 hours'"
)

# Members by array: so PostgreSQL reads their postings in the order of the index, unsorted.
_MEMBERS = (
    "any(array(select id from member where program_id = $1::bigint"
    " and id between $2::bigint and $3::bigint order by id))"
)
POSTINGS: LiteralString = f"select hash, {_CHAINED} from posting where member_id = {_MEMBERS} order by member_id, sequence"  # noqa: S608 - parts of our own
MEMBERS: LiteralString = (
    "select id, posting_count, chain_head, pending, available, held from member"
    " where program_id = $1::bigint and id between $2::bigint and $3::bigint"
)
LOTS: LiteralString = (
    "select id, award_id, points, remaining, expired, written_off, matured from lot"
    " where id = any($1::bigint[])"
)
AWARDS: LiteralString = f"""
select id, source_kind, source_id, member_id, points, rule_version_id, pin, receipt, input::text
from award where member_id = {_MEMBERS}
"""  # noqa: S608 - parts of our own
_ORDER = """
select o.order_id, o.member_id, o.spend_minor, o.original_spend_minor, o.paid_spend_minor,
    o.deleted_at is not null, o.facts_wanted,
    o.paid_at is not null and (o.granted_at is not null or o.processed_at >= p.earning_starts_at),
    o.snapshot
from customer_order o join program p on p.id = $1::bigint
"""
ORDERS: LiteralString = f"{_ORDER} where o.member_id = {_MEMBERS} and o.shop_id = $4::bigint"
ORDERS_OF_NOBODY: LiteralString = (
    f"{_ORDER} where o.member_id is null and o.shop_id = $2::bigint"
    " and o.order_id = any($3::bigint[])"
)


def stream(
    session: Session, query: LiteralString, values: Sequence[object]
) -> Generator[list[tuple[Any, ...]], None, None]:
    """Yield the rows of a query with parameters $1, $2, … in lists, while PostgreSQL finds the next.

    Json is bytes, moments are microseconds since 2000. Until the last list the session cannot be
    used for anything else; where the caller leaves before, its connection is closed.
    """
    driver = driver_of(session)
    pgconn, rows_of = driver.pgconn, _reader(driver)
    written = [None if value is None else str(value).encode() for value in values]
    pgconn.send_query_params(query.encode(), written, result_format=pq.Format.BINARY)
    # A cursor's rows would be written into a store of PostgreSQL's and read from it again.
    pgconn.set_chunked_rows_mode(ROWS_AT_A_TIME)
    failed, ended = None, False
    try:
        for result in _results(pgconn):
            if result.status not in _HOLDS_ROWS:
                failed = result
            elif result.ntuples:
                yield rows_of(result)
        ended = True
    finally:
        if not ended:
            driver.close()
    # Or libpq would give the first answer of the next trip in pieces, too.
    pgconn.exec_(b"")
    if failed is not None:
        raise error_from_result(failed, driver.info.encoding)


def _results(pgconn: PGconn) -> Iterator[PGresult]:
    """Yield results as they come."""
    readable = select.poll()
    readable.register(pgconn.socket, select.POLLIN)
    while True:
        while pgconn.is_busy():
            readable.poll()
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            return
        yield result


def _reader(driver: psycopg.Connection[Any]) -> Callable[[PGresult], list[tuple[Any, ...]]]:
    """Return what reads the results of one query."""
    with psycopg.Cursor(driver) as cursor:
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        cursor.adapters.register_loader("json", ByteaBinaryLoader)
        transformer = Transformer(cursor)
    known = False

    def read(result: PGresult) -> list[tuple[Any, ...]]:
        nonlocal known
        transformer.set_pgresult(result, set_loaders=not known)
        known = True
        return transformer.load_rows(0, result.ntuples, tuple)

    return read
