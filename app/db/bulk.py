"""Many rows in one statement: each column travels as one array that PostgreSQL spreads out."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
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
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from app.db.wire import Trip, one_trip, trip_under_way

Row = dict[str, Any]
Names = tuple[str, ...]
Values = Sequence[Any]
"""Those of one row, in the order of its columns' names."""
_BIGINTS, _TEXTS = ARRAY(BigInteger), ARRAY(Text)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_NOTHING: Row = {}
NO_IDS = "{}"
"""What `bigints` writes for none."""


def insert_rows(session: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; dataclasses become JSON."""
    if rows:
        _run_rows(session, _insert(_table(model), tuple(rows[0]), ()), rows)


def insert_values(
    session: Session,
    model: type[DeclarativeBase],
    names: Names,
    rows: Sequence[Values],
    shared: Row = _NOTHING,
) -> None:
    """Insert rows (one at least) of the columns `names`; `shared` values are the same in all."""
    _run(session, _insert(_table(model), names, tuple(shared)), rows, shared)


def insert_new_rows(session: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        _run_rows(session, _insert_new(_table(model), tuple(rows[0])), rows)


def upsert_rows(
    session: Session, model: type[DeclarativeBase], rows: Sequence[Row], *, newer_by: str = ""
) -> None:
    """Insert rows, or overwrite those with the same primary key.

    With `newer_by`, an older value of that column never overwrites a newer one.
    """
    if rows:
        _run_rows(session, _upsert(_table(model), tuple(rows[0]), newer_by), rows)


def update_rows(session: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Update rows by primary key, each with the same columns."""
    if rows:
        _run_rows(session, _update(_table(model), tuple(rows[0])), rows)


def update_values(
    session: Session, model: type[DeclarativeBase], names: Names, rows: Sequence[Values]
) -> None:
    """Update rows (one at least) of the columns `names`, by primary key."""
    _run(session, _update(_table(model), names), rows)


def without_waiting(session: Session) -> AbstractContextManager[Trip]:
    """Send the writes of this module inside one after the other, and wait for all at the end.

    While PostgreSQL works on one, the next is put together. See `one_trip` for errors, and for
    what else may use the session inside.
    """
    return one_trip(session)


def among(column: InstrumentedAttribute[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition that a bigint column is one of `ids`, whatever their number."""
    return column == any_(cast(literal(bigints(ids), Text), _BIGINTS))


def bigints(ids: Iterable[int]) -> str:
    """Return an array of ids, written out: the driver takes a microsecond each to do the same."""
    return "{" + ",".join(map(str, ids)) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Return an array of texts, written out."""
    return _text_array(list(values))


def byteas(values: Iterable[bytes]) -> str:
    """Return an array of bytea values, written out."""
    return _bytes_array(list(values))


def among_texts(column: InstrumentedAttribute[str], texts: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a text column is one of `texts`, whatever their number."""
    return column == any_(literal(list(texts), _TEXTS))


def as_json(value: object) -> str:
    """Return a value (dataclasses and datetimes included) as JSON text."""
    return orjson.dumps(value, default=_plain).decode()


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL whose parameters are the shared values and then one for each column.

    One row alone is written without spreading anything, which takes PostgreSQL half as long.
    """

    of_many: str
    encoders: tuple[Callable[[Sequence[Any]], str], ...]
    of_one: str
    json_of_one: tuple[int, ...]
    """At which places its columns are JSON; all else the trip writes."""


def _run_rows(session: Session, statement: _Statement, rows: Sequence[Row]) -> None:
    names = [*rows[0]]
    _run(session, statement, [[row[name] for name in names] for row in rows])


def _run(
    session: Session, statement: _Statement, rows: Sequence[Values], shared: Row = _NOTHING
) -> None:
    if len(rows) == 1:
        values = [*rows[0]]
        for place in statement.json_of_one:
            values[place] = _json_of_one(values[place])
        _ask(session, statement.of_one, [*shared.values(), *values])
        return
    encoded = [
        encode(values)
        for encode, values in zip(statement.encoders, zip(*rows, strict=True), strict=True)
    ]
    _ask(session, statement.of_many, [*shared.values(), *encoded])


def _ask(session: Session, sql: str, bound: Sequence[Any]) -> None:
    trip = trip_under_way(session)
    if trip is not None:
        trip.ask(sql, bound)
    else:
        with one_trip(session) as trip:
            trip.ask(sql, bound)


@cache
def _table(model: type[DeclarativeBase]) -> Table:
    table: FromClause = model.__table__
    if not isinstance(table, Table):
        raise TypeError(model.__name__)
    return table


@cache
def _insert(
    table: Table, columns: tuple[str, ...], shared: tuple[str, ...], conflict: str = ""
) -> _Statement:
    names = ", ".join((*shared, *columns))
    values = ", ".join(
        (
            *(_parameter(table, place, name) for place, name in enumerate(shared, 1)),
            *(_value(table.c[name]) for name in columns),
        )
    )
    alone = ", ".join(
        _parameter(table, place, name) for place, name in enumerate((*shared, *columns), 1)
    )
    spread = _spread(table, columns, first=len(shared) + 1)
    return _statement(
        table,
        columns,
        of_many=f"insert into {table.name} ({names}) select {values} from {spread}{conflict}",  # noqa: S608 - names of our own columns
        of_one=f"insert into {table.name} ({names}) values ({alone}){conflict}",  # noqa: S608 - names of our own columns
    )


@cache
def _insert_new(table: Table, columns: tuple[str, ...]) -> _Statement:
    return _insert(table, columns, (), " on conflict do nothing")


@cache
def _upsert(table: Table, columns: tuple[str, ...], newer_by: str) -> _Statement:
    keys = _keys(table)
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    condition = f" where {table.name}.{newer_by} < excluded.{newer_by}" if newer_by else ""
    conflict = f" on conflict ({', '.join(keys)}) do update set {changed}{condition}"
    return _insert(table, columns, (), conflict)


@cache
def _update(table: Table, columns: tuple[str, ...]) -> _Statement:
    keys = _keys(table)
    changed = ", ".join(f"{name} = {_value(table.c[name])}" for name in columns if name not in keys)
    same = " and ".join(f"old.{key} = new.{key}" for key in keys)
    parameters = {name: _parameter(table, place, name) for place, name in enumerate(columns, 1)}
    changed_alone = ", ".join(
        f"{name} = {parameter}" for name, parameter in parameters.items() if name not in keys
    )
    same_alone = " and ".join(f"{key} = {parameters[key]}" for key in keys)
    spread = _spread(table, columns)
    return _statement(
        table,
        columns,
        of_many=f"update {table.name} old set {changed} from {spread} where {same}",  # noqa: S608 - names of our own columns
        of_one=f"update {table.name} set {changed_alone} where {same_alone}",  # noqa: S608 - names of our own columns
    )


def _statement(table: Table, columns: Sequence[str], *, of_many: str, of_one: str) -> _Statement:
    return _Statement(
        of_many=of_many,
        encoders=tuple(_encoder(table.c[name]) for name in columns),
        of_one=of_one,
        json_of_one=tuple(
            place for place, name in enumerate(columns) if isinstance(table.c[name].type, JSON)
        ),
    )


def _parameter(table: Table, place: int, name: str) -> str:
    return f"${place}::{_type(table.c[name])}"


def _spread(table: Table, columns: Sequence[str], first: int = 1) -> str:
    """Return the rows of `columns` as a table `new`; each is a parameter, numbered from `first`."""
    spread = ", ".join(
        f"{_type(table.c[name])}_array_elements(${place}::{_type(table.c[name])})".lower()
        if isinstance(table.c[name].type, JSON)
        else f"unnest(${place}::{_type(table.c[name])}[])"
        for place, name in enumerate(columns, first)
    )
    return f"rows from ({spread}) as new({', '.join(columns)})"


def _value(column: Column[Any]) -> str:
    if isinstance(column.type, JSONB) and column.nullable:
        return f"nullif(new.{column.name}, 'null')"
    if isinstance(column.type, JSON) and column.nullable:
        return f"nullif(new.{column.name}::text, 'null')::json"
    return f"new.{column.name}"


def _encoder(column: Column[Any]) -> Callable[[Sequence[Any]], str]:
    """Return what writes the values of a column: a JSON array for JSON, else one of PostgreSQL."""
    if isinstance(column.type, JSON):
        return as_json
    if isinstance(column.type, LargeBinary):
        return _bytes_array
    return _text_array if isinstance(column.type, Text) else _array


def _json_of_one(value: object) -> str | None:
    return None if value is None else as_json(value)


def _array(values: Sequence[Any]) -> str:
    # Between their brackets, arrays of JSON and of PostgreSQL look alike.
    return "{" + orjson.dumps(values).decode()[1:-1] + "}"


def _text_array(values: Sequence[str | None]) -> str:
    written = _array(values)
    if "\\" not in written:
        return written
    # JSON has words for line breaks and the like that PostgreSQL does not know.
    return "{" + ",".join(["null" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bytes_array(values: Sequence[bytes | None]) -> str:
    written = ["null" if value is None else f'"\\\\x{value.hex()}"' for value in values]
    return "{" + ",".join(written) + "}"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _type(column: Column[Any]) -> str:
    return column.type.compile(_DIALECT)
