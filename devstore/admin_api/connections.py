"""Connections: pages of nodes with cursors."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

MAX_PAGE = 250
View = dict[str, Any]


def page_size(first: int | None) -> int:
    """Return how many nodes are asked for; none at all and too many are errors, as at Shopify."""
    if first is None:
        raise GraphQLError(
            "you must provide one of first or last", extensions={"code": "BAD_REQUEST"}
        )
    if not 0 < first <= MAX_PAGE:
        raise GraphQLError(
            f"first must be from 1 to {MAX_PAGE}", extensions={"code": "BAD_REQUEST"}
        )
    return first


def encode_cursor(value: str | int, item_id: int) -> str:
    """Return a cursor that names a position: the sort value and the id."""
    position = json.dumps({"last_id": item_id, "last_value": value}, separators=(",", ":"))
    return base64.b64encode(position.encode()).decode()


def decode_cursor(cursor: str | None) -> tuple[str | int, int] | None:
    """Return the position that a cursor names; nonsense is an error."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.b64decode(cursor, validate=True))
        return position["last_value"], int(position["last_id"])
    except (binascii.Error, ValueError, KeyError, TypeError) as problem:
        message = "Invalid cursor for current pagination sort."
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"}) from problem


def connection(nodes: Sequence[View], cursors: Sequence[str], more: bool, before: bool) -> View:
    """Return a connection over one page of nodes."""
    return {
        "nodes": list(nodes),
        "edges": [
            {"cursor": cursor, "node": node} for cursor, node in zip(cursors, nodes, strict=True)
        ],
        "pageInfo": {
            "hasNextPage": more,
            "hasPreviousPage": before,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def list_connection(items: Sequence[View]) -> Callable[..., View]:
    """Return the resolver of a connection over a list that is in memory whole."""

    def resolve(
        _info: object,
        first: int | None = None,
        after: str | None = None,
        reverse: bool = False,
        **_: object,
    ) -> View:
        size = page_size(first)
        turned = list(reversed(items)) if reverse else list(items)
        position = decode_cursor(after)
        start = 0 if position is None else position[1] + 1
        page = turned[start : start + size]
        cursors = [encode_cursor(place, place) for place in range(start, start + len(page))]
        return connection(page, cursors, start + size < len(turned), start > 0)

    return resolve
