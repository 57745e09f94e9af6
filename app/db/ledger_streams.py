"""Streams a ledger's rows for a proof: binary, some thousand at a time, whole however many there are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.types.numeric import Int8BinaryLoader
from sqlalchemy.orm import Session

from app.db.wire import driver_of

ROWS_AT_A_TIME = 2_000
UNIX_EPOCH_US = 946_684_800_000_000
"""PostgreSQL counts microseconds from 2000: this many after 1970."""

CHAINED = (
    "program_id, member_id, sequence, kind, debit_account, credit_account, points, source_key,"
    " award_id, redemption_id, lot_id, actor, occurred_at, recorded_at"
)
"""The fields that a link covers, in the order of app.db.chain.linker."""

# Members by array: so PostgreSQL reads their postings in the order of the index, unsorted.
_MEMBERS = (
    "any(array(select id from member where program_id = %(program_id)s"
    " and id between %(first)s and %(last)s order by id))"
)
POSTINGS: LiteralString = (
    f"select {CHAINED}, hash from posting where member_id = {_MEMBERS} order by member_id, sequence"  # noqa: S608 - parts of our own
)
HEADS: LiteralString = (
    "select id, posting_count, chain_head from member"
    " where program_id = %(program_id)s and id between %(first)s and %(last)s order by id"
)
ORDERS: LiteralString = f"""
select a.id, a.source_id, a.points, a.rule_version_id, a.pin::text, a.receipt::text,
    o.order_id, o.spend_minor, o.original_spend_minor, o.paid_spend_minor,
    o.deleted_at is not null, o.facts_wanted,
    o.paid_at is not null and (o.granted_at is not null or o.processed_at >= p.earning_starts_at),
    o.snapshot::text, coalesce(a.member_id = o.member_id, true), o.member_id is null
from (
    select id, source_id, member_id, points, rule_version_id, pin, receipt from award
    where member_id = {_MEMBERS} and source_kind = 'order'
        and split_part(source_id, ':', 1) = %(shop_id)s::text
) a
full join (
    select %(shop_id)s::text || ':' || order_id as source_id, * from customer_order
    where member_id = {_MEMBERS} and shop_id = %(shop_id)s
    union all
    select %(shop_id)s::text || ':' || order_id as source_id, * from customer_order
    where member_id is null and shop_id = %(shop_id)s and order_id in (
        select split_part(source_id, ':', 2)::bigint from award
        where member_id = {_MEMBERS} and source_kind = 'order' and points = 0
            and split_part(source_id, ':', 1) = %(shop_id)s::text
            and receipt -> 0 ->> 'kind' = 'no_customer'
    )
) o on o.source_id = a.source_id
join program p on p.id = %(program_id)s
"""  # noqa: S608 - parts of our own
OTHER_AWARDS: LiteralString = f"""
select id, source_kind, points, rule_version_id, input::text, receipt::text from award
where member_id = {_MEMBERS} and source_kind <> 'order'
"""  # noqa: S608 - parts of our own


def stream(
    session: Session, query: LiteralString, values: Mapping[str, Any]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield a query's rows in lists; moments are microseconds since 2000.

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
        yield cursor
