"""Orders of a bulk operation's file, read into the same snapshot as webhooks give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.order_snapshot import OrderSnapshot
from app.shopify.order_node import snapshot_from_node
from app.shopify.order_payload import moment

Node = Mapping[str, Any]


class HistoryCustomer(NamedTuple):
    """Who an order names, in plain text: encrypt it before it is kept."""

    customer_id: int
    created_at: datetime
    updated_at: datetime
    name: str | None
    email: str | None


class HistoryOrder(NamedTuple):
    """An order of the file."""

    order_id: int
    processed_at: datetime
    updated_at: datetime
    test: bool
    snapshot: OrderSnapshot | None
    """None: it has refunds, whose contents a bulk operation cannot tell; fetch it."""
    customer: HistoryCustomer | None


def history_order(node: Node) -> HistoryOrder:
    """Return the order of an assembled node (app.shopify.bulk_file.assemble)."""
    refunded = bool(node["refunds"])
    return HistoryOrder(
        order_id=int(node["legacyResourceId"]),
        processed_at=moment(node["processedAt"]),
        updated_at=moment(node["updatedAt"]),
        test=node["test"],
        snapshot=None if refunded else snapshot_from_node(node),
        customer=_customer(node["customer"]) if node["customer"] else None,
    )


def _customer(node: Node) -> HistoryCustomer:
    email = node["defaultEmailAddress"]
    names = (node["firstName"], node["lastName"])
    return HistoryCustomer(
        customer_id=int(node["legacyResourceId"]),
        created_at=moment(node["createdAt"]),
        updated_at=moment(node["updatedAt"]),
        name=" ".join(part.strip() for part in names if part and part.strip()) or None,
        email=email["emailAddress"] if email else None,
    )
