"""Conditions on columns, as the Admin API's search words ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass

OPERATORS = ("=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Filter:
    """One comparison of a column with a value; moments are text as `stamp` writes it."""

    column: str
    operator: str
    value: str | int


def conditions(
    filters: Sequence[Filter],
    after: tuple[str | int, int] | None,
    sort: str,
    descending: bool,
    columns: Sequence[str],
) -> tuple[str, list[str | int]]:
    """Return a WHERE clause and its values; an unknown column or operator raises ValueError."""
    for each in filters:
        if each.column not in columns or each.operator not in OPERATORS:
            raise ValueError(f"{each.column} {each.operator}")
    if sort not in columns:
        raise ValueError(sort)
    clauses = [f"{each.column} {each.operator} ?" for each in filters]
    values: list[str | int] = [each.value for each in filters]
    if after is not None:
        clauses.append(f"({sort}, id) {'<' if descending else '>'} (?, ?)")
        values += after
    return " AND ".join(clauses) or "1", values
