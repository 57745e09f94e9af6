"""Many rows in one statement: the rows travel as one JSON text that PostgreSQL spreads out."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import orjson
import psycopg
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    LargeBinary,
    Table,
    Text,
    any_,
    cast,
    literal,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

Row = dict[str, Any]
_BIGINTS, _TEXTS, _BYTES = ARRAY(BigInteger), ARRAY(Text), ARRAY(LargeBinary)
_IN_FLIGHT = "bulk writes in flight"
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_rows(session: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; dataclasses become jsonb."""
    if rows:
        _run(session, _insert_sql(_table(model), tuple(rows[0])), rows)


def insert_new_rows(session: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        sql = _insert_sql(_table(model), tuple(rows[0])) + " on conflict do nothing"
        _run(session, sql, rows)


def upsert_rows(
    session: Session, model: type[DeclarativeBase], rows: Sequence[Row], *, newer_by: str = ""
) -> None:
    """Insert rows, or overwrite those with the same primary key.

    With `newer_by`, an older value of that column never overwrites a newer one.
    """
    if rows:
        _run(session, _upsert_sql(_table(model), tuple(rows[0]), newer_by), rows)


def update_rows(session: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Update rows by primary key, each with the same columns."""
    if rows:
        _run(session, _update_sql(_table(model), tuple(rows[0])), rows)


@contextmanager
def without_waiting(session: Session) -> Iterator[None]:
    """Send the writes of this module inside one after the other, and wait for all at the end.

    While PostgreSQL works on one, the next is put together. Nothing else may use the session
    inside. Errors are SQLAlchemy's own, and come at the end at the latest; the transaction (or the
    savepoint around) is to be rolled back, as ever.
    """
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("Bulk statements need psycopg 3.")
    try:
        with driver.pipeline():
            session.info[_IN_FLIGHT] = driver
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance("bulk writes", (), error, psycopg.Error) from error
    finally:
        session.info.pop(_IN_FLIGHT, None)


def among(column: InstrumentedAttribute[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition that a bigint column is one of `ids`, whatever their number."""
    # Written out here: the driver takes a microsecond an element to do the same.
    written = "{" + ",".join(map(str, ids)) + "}"
    return column == any_(cast(literal(written, Text), _BIGINTS))


def among_texts(column: InstrumentedAttribute[str], texts: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a text column is one of `texts`, whatever their number."""
    return column == any_(literal(list(texts), _TEXTS))


def among_bytes(
    column: InstrumentedAttribute[bytes], values: Iterable[bytes]
) -> ColumnElement[bool]:
    """Return the condition that a bytea column is one of `values`, whatever their number."""
    return column == any_(literal(list(values), _BYTES))


def as_json(value: object) -> str:
    """Return a value (dataclasses and datetimes included) as JSON text."""
    return orjson.dumps(value, default=_plain).decode()


def _run(session: Session, sql: str, rows: Sequence[Row]) -> None:
    in_flight: psycopg.Connection[Any] | None = session.info.get(_IN_FLIGHT)
    if in_flight is None:
        session.connection().exec_driver_sql(sql, (as_json(rows),))
    else:
        in_flight.execute(sql, (as_json(rows),))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def _table(model: type[DeclarativeBase]) -> Table:
    table: FromClause = model.__table__
    if not isinstance(table, Table):
        raise TypeError(model.__name__)
    return table


@cache
def _insert_sql(table: Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return f"insert into {table.name} ({names}) select {names} from {_spread(table, columns)}"  # noqa: S608 - names of our own columns


@cache
def _upsert_sql(table: Table, columns: tuple[str, ...], newer_by: str) -> str:
    keys = _keys(table)
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    condition = f" where {table.name}.{newer_by} < excluded.{newer_by}" if newer_by else ""
    return (
        f"{_insert_sql(table, columns)} on conflict ({', '.join(keys)})"
        f" do update set {changed}{condition}"
    )


@cache
def _update_sql(table: Table, columns: tuple[str, ...]) -> str:
    keys = _keys(table)
    changed = ", ".join(f"{name} = new.{name}" for name in columns if name not in keys)
    same = " and ".join(f"old.{key} = new.{key}" for key in keys)
    return (
        f"update {table.name} old set {changed}"  # noqa: S608 - names of our own columns
        f" from {_spread(table, columns, 'new')} where {same}"
    )


def _spread(table: Table, columns: Iterable[str], alias: str = "new") -> str:
    typed = ", ".join(f"{name} {_type(table.c[name])}" for name in columns)
    return f"json_to_recordset(%s::json) as {alias}({typed})"


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _type(column: Column[Any]) -> str:
    return column.type.compile(_DIALECT)
