"""Streams a ledger's rows for a proof: binary, some thousand at a time, whole however many there are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.types.numeric import Int8BinaryLoader
from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy.orm import Session

from app.db.wire import driver_of

ROWS_AT_A_TIME = 4_000

# What a link covers, in the order of app.db.chain.linker. PostgreSQL counts microseconds from 2000,
# links from 1970: so many hours earlier.
_CHAINED = (
    "program_id, member_id, sequence, kind, debit_account, credit_account, points, source_key,"
    " award_id, redemption_id, lot_id, actor,"
    " occurred_at + interval '262968 hours', recorded_at + interval '262968 hours'"
)

# Members by array: so PostgreSQL reads their postings in the order of the index, unsorted.
_MEMBERS = (
    "any(array(select id from member where program_id = %(program_id)s"
    " and id between %(first)s and %(last)s order by id))"
)
POSTINGS: LiteralString = f"select hash, {_CHAINED} from posting where member_id = {_MEMBERS} order by member_id, sequence"  # noqa: S608 - parts of our own
MEMBERS: LiteralString = (
    "select id, posting_count, chain_head, pending, available, held from member"
    " where program_id = %(program_id)s and id between %(first)s and %(last)s"
)
LOTS: LiteralString = (
    "select id, award_id, points, remaining, expired, written_off, matured from lot"
    " where id = any(%(ids)s::bigint[])"
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
from customer_order o join program p on p.id = %(program_id)s
"""
ORDERS: LiteralString = f"{_ORDER} where o.member_id = {_MEMBERS} and o.shop_id = %(shop_id)s"
ORDERS_OF_NOBODY: LiteralString = (
    f"{_ORDER} where o.member_id is null and o.shop_id = %(shop_id)s"
    " and o.order_id = any(%(ids)s::bigint[])"
)


def stream(
    session: Session, query: LiteralString, values: Mapping[str, Any]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield a query's rows in lists; json is bytes, moments are microseconds since 2000.

    The session may be used for other queries between two lists.
    """
    with _cursor(session) as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield rows


@contextmanager
def _cursor(session: Session) -> Iterator[psycopg.ServerCursor[tuple[Any, ...]]]:
    driver = driver_of(session)
    with psycopg.ServerCursor(driver, "proof") as cursor:
        cursor.format = psycopg.pq.Format.BINARY
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        cursor.adapters.register_loader("json", ByteaBinaryLoader)
        yield cursor
