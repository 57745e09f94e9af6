"""Shopify's search words for orders and customers: `updated_at:>='2026-11-01' AND id:>5`."""

import re
from datetime import UTC, datetime

from graphql import GraphQLError

from devstore.store.codec import stamp
from devstore.store.filters import Filter

_TERM = re.compile(r"""(\w+):(<=|>=|<|>|=)?("[^"]*"|'[^']*'|\S+)\s*(?:AND\s+)?""")
_MOMENTS = ("created_at", "processed_at", "updated_at")


def read_search(query: str | None, columns: tuple[str, ...]) -> list[Filter]:
    """Return the filters a search asks for; words the store does not know are an error.

    Shopify ignores unknown words with a warning; an error says sooner that a filter does nothing.
    """
    filters: list[Filter] = []
    rest = (query or "").strip()
    while rest:
        term = _TERM.match(rest)
        if term is None or term[1] not in columns:
            raise GraphQLError(f"The development store can't search for {rest!r}.")
        value = term[3].strip("\"'")
        filters.append(Filter(term[1], term[2] or "=", _value(term[1], value)))
        rest = rest[term.end() :]
    return filters


def _value(column: str, value: str) -> str | int:
    if column in _MOMENTS:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as problem:
            raise GraphQLError(f"{value!r} is not a time.") from problem
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if column == "email":
        return value.lower()
    if not value.isdigit():
        raise GraphQLError(f"{value!r} is not a number.")
    return int(value)
