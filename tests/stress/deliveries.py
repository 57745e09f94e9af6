"""What a busy shop's webhooks tell: the same facts, whatever the order they come in."""

import random
from datetime import timedelta
from typing import Any

from tests.fixtures.webhooks import NOW, order_payload

CUSTOMERS = 24
MERGED = {23: 3, 24: 4}
"""Customers that turn out to be others."""
Delivery = tuple[str, dict[str, Any]]


def base_deliveries() -> list[Delivery]:
    """Return an old order of each customer, whose points can be spent from the start."""
    old = (NOW - timedelta(days=60)).isoformat()
    return [
        (
            "orders/paid",
            order_payload(
                number, total="1000.00", customer=number, processed_at=old, updated_at=old
            ),
        )
        for number in range(1, CUSTOMERS + 1)
    ]


def deliveries(orders: int, seed: int) -> list[Delivery]:
    """Return shuffled deliveries: orders, refunds, cancellations, deletions, merges, twice over."""
    rng = random.Random(seed)
    found: list[Delivery] = []
    for number in range(1, orders + 1):
        found += _life_of_an_order(rng, 1_000 + number)
    found += [
        (
            "customers/merge",
            {
                "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept}",
                "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{merged}",
            },
        )
        for merged, kept in MERGED.items()
    ]
    found += rng.sample(found, len(found) // 10)
    rng.shuffle(found)
    return found


def _life_of_an_order(rng: random.Random, order_id: int) -> list[Delivery]:
    at = NOW - timedelta(days=rng.randint(1, 30), minutes=rng.randint(0, 1_000))
    paid = order_payload(
        order_id,
        total=f"{rng.randint(1, 400)}.00",
        customer=rng.randint(1, CUSTOMERS),
        created_at=at.isoformat(),
        processed_at=at.isoformat(),
        updated_at=at.isoformat(),
    )
    found = [("orders/create", paid), ("orders/paid", paid)]
    later = (at + timedelta(minutes=5)).isoformat()
    fate = rng.random()
    if fate < 0.15:
        refund = {
            "id": order_id,
            "order_id": order_id,
            "created_at": later,
            "refund_line_items": [{"line_item_id": 1, "quantity": 1}],
            "order_adjustments": [],
        }
        found.append(("refunds/create", refund))
    elif fate < 0.25:
        found.append(("orders/cancelled", paid | {"updated_at": later, "cancelled_at": later}))
    elif fate < 0.3:
        found.append(("orders/delete", {"id": order_id}))
    return found
