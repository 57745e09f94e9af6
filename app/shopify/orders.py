"""Asks the Admin API which orders changed, and for orders whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from app.domain.order_snapshot import OrderSnapshot
from app.shopify.client import Run
from app.shopify.order_node import snapshot_from_node
from app.shopify.order_payload import moment

# A query may cost 1,000 points; an order with its first lines and refunds asks for some 200.
ORDERS_A_CALL_MAX = 4
REFUNDS_AT_FIRST = 2
"""As many as orders.graphql asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedOrder:
    """An order and when it changed last."""

    order_id: int
    updated_at: datetime


def changed_orders(run: Run, since: datetime | None, until: datetime) -> Iterator[ChangedOrder]:
    """Yield the orders that changed from `since` (None: ever) to `until`, oldest change first."""
    query = f"updated_at:<='{_iso(until)}'"
    if since is not None:
        query = f"updated_at:>='{_iso(since)}' {query}"
    after = None
    while True:
        page = run("changed_orders", {"query": query, "after": after})["orders"]
        for node in page["nodes"]:
            yield _changed(node)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def orders_there(run: Run, order_ids: Sequence[int]) -> list[ChangedOrder]:
    """Return when these orders, at most 250, changed last; those that are gone are left out.

    An order that the app may not see, being older than 60 days, counts as gone: ask for others.
    """
    ids = [f"gid://shopify/Order/{order_id}" for order_id in order_ids]
    nodes = run("orders_there", {"ids": ids})["nodes"]
    return [_changed(node) for node in nodes if node]


def fetch_orders(run: Run, order_ids: Sequence[int]) -> list[OrderSnapshot]:
    """Return these orders as they stand now; those that Shopify no longer shows are left out."""
    snapshots: list[OrderSnapshot] = []
    waiting = iter(order_ids)
    while batch := list(islice(waiting, ORDERS_A_CALL_MAX)):
        ids = [f"gid://shopify/Order/{order_id}" for order_id in batch]
        nodes = run("orders", {"ids": ids})["nodes"]
        snapshots += [snapshot_from_node(_whole(run, node)) for node in nodes if node]
    return snapshots


def _changed(node: dict[str, Any]) -> ChangedOrder:
    return ChangedOrder(
        order_id=int(node["legacyResourceId"]), updated_at=moment(node["updatedAt"])
    )


def _whole(run: Run, node: dict[str, Any]) -> dict[str, Any]:
    """Return the order with the lines and refunds that did not fit into the first answer."""
    refunds = node["refunds"]
    if len(refunds) >= REFUNDS_AT_FIRST:
        known = run("order_refunds", {"id": node["id"]})["order"]["refunds"]
        refunds = [run("refund", {"id": refund["id"]})["refund"] for refund in known]
    lines = _all_lines(run, node)
    if node["dutiesIncluded"]:
        lines = _with_duties(run, node, lines)
    return node | {
        "lineItems": {"nodes": lines},
        "refunds": [_whole_refund(run, refund) for refund in refunds],
    }


def _all_lines(run: Run, node: dict[str, Any]) -> list[dict[str, Any]]:
    page = node["lineItems"]
    lines = list(page["nodes"])
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = run("order_lines", {"id": node["id"], "after": after})["order"]["lineItems"]
        lines += page["nodes"]
    return lines


def _with_duties(
    run: Run, node: dict[str, Any], lines: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the lines with their duties, which few orders contain in their prices."""
    duties: dict[str, Any] = {}
    after = None
    while True:
        answer = run("order_duties", {"id": node["id"], "after": after})
        page = answer["order"]["lineItems"]
        duties |= {line["id"]: line["duties"] for line in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return [line | {"duties": duties.get(line["id"], ())} for line in lines]
        after = page["pageInfo"]["endCursor"]


def _whole_refund(run: Run, refund: dict[str, Any]) -> dict[str, Any]:
    page = refund["refundLineItems"]
    lines = list(page["nodes"])
    gid = f"gid://shopify/Refund/{refund['legacyResourceId']}"
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = run("refund_lines", {"id": gid, "after": after})["refund"]["refundLineItems"]
        lines += page["nodes"]
    return refund | {"refundLineItems": {"nodes": lines}}


def _iso(moment_: datetime) -> str:
    return moment_.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
