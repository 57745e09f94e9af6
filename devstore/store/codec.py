"""Frozen dataclasses to JSON documents and back."""

import dataclasses
import types
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

T = TypeVar("T")
_Reader = Callable[[Any], Any]


def encode(value: object) -> bytes:
    """Return a dataclass as a JSON document."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def decode(cls: type[T], document: bytes | str) -> T:
    """Return the dataclass that `encode` wrote."""
    read: Callable[[Any], T] = _reader(cls)  # type: ignore[arg-type]  # classes are hashable
    return read(orjson.loads(document))


@cache
def _reader(annotation: Any) -> _Reader:  # noqa: ANN401 - an annotation is any object
    if dataclasses.is_dataclass(annotation):
        return _dataclass_reader(annotation)
    if annotation is datetime:
        return datetime.fromisoformat
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return _tuple_reader(arguments[0])
    if origin in (Union, types.UnionType):
        return _optional_reader(next(part for part in arguments if part is not type(None)))
    return _as_it_is


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - JSON scalars
    return value


def _dataclass_reader(cls: Any) -> _Reader:  # noqa: ANN401 - any dataclass
    hints = get_type_hints(cls)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(cls)}

    def read(data: dict[str, Any]) -> Any:  # noqa: ANN401 - the dataclass
        # What an older version wrote and this one does not know is left behind.
        known = {name: value for name, value in data.items() if name in readers}
        return cls(**{name: readers[name](value) for name, value in known.items()})

    return read


def _tuple_reader(item: Any) -> _Reader:  # noqa: ANN401 - an annotation is any object
    read_item = _reader(item)
    return lambda values: tuple(read_item(value) for value in values)


def _optional_reader(inner: Any) -> _Reader:  # noqa: ANN401 - an annotation is any object
    read_inner = _reader(inner)
    return lambda value: None if value is None else read_inner(value)


def stamp(moment: datetime) -> str:
    """Return a UTC moment as sortable text, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
