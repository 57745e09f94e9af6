"""What the Admin API tells of an order beyond webhooks, or only when asked once more."""

from datetime import UTC, datetime

import pytest

from app.shopify.order_node import snapshot_from_node
from app.shopify.orders import fetch_orders

GID = "gid://shopify/Order/1"
LINE = "gid://shopify/LineItem/3"


def bag(amount):
    return {"shopMoney": {"amount": amount}}


def page(*nodes):
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def node(**changes):
    at = "2026-05-01T00:00:00Z"
    values = {
        "id": GID,
        "legacyResourceId": "1",
        "name": "#1001",
        "currencyCode": "USD",
        "createdAt": at,
        "processedAt": at,
        "updatedAt": at,
        "cancelledAt": None,
        "test": False,
        "taxesIncluded": False,
        "dutiesIncluded": False,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "discountCodes": [],
        "totalTipReceivedSet": bag("0.0"),
        "totalOutstandingSet": bag("0.0"),
        "customer": None,
        "lineItems": page(
            {
                "id": LINE,
                "title": "Tea",
                "quantity": 2,
                "currentQuantity": 2,
                "isGiftCard": False,
                "requiresShipping": True,
                "nonFulfillableQuantity": 0,
                "product": {"legacyResourceId": "8"},
                "originalUnitPriceSet": bag("10.0"),
                "discountAllocations": [],
                "taxLines": [],
            }
        ),
        "shippingLines": page(),
        "refunds": [],
    }
    return values | changes


def test_duties_are_asked_for_only_where_prices_include_them():
    asked = []

    def run(operation, variables):
        asked.append(operation)
        if operation == "order_duties":
            lines = page({"id": LINE, "duties": [{"price": bag("2.5")}, {"price": bag("0.5")}]})
            return {"order": {"lineItems": lines}}
        return {"nodes": [node(), node(dutiesIncluded=True)]}

    plain, including = fetch_orders(run, [1, 2])

    assert asked == ["orders", "order_duties"]
    assert plain.lines[0].duty_minor == 0
    assert including.lines[0].duty_minor == 300


def payment(day, amount, **changes):
    values = {"kind": "SALE", "status": "SUCCESS", "processedAt": f"2026-05-{day:02}T09:00:00Z"}
    return values | {"amountSet": bag(amount)} | changes


@pytest.mark.parametrize(
    ("payments", "day"),
    [
        ([payment(3, "20.0")], 3),
        ([payment(9, "15.0"), payment(3, "5.0")], 9),
        ([payment(3, "20.0", kind="AUTHORIZATION"), payment(5, "20.0", kind="CAPTURE")], 5),
        ([payment(2, "20.0", status="FAILURE"), payment(4, "20.0")], 4),
        # An edit was paid on the 8th.
        ([payment(3, "20.0"), payment(8, "10.0")], 3),
        # It was edited down to $12 before it was paid, and some was paid back.
        ([payment(6, "12.0"), payment(7, "2.0", kind="REFUND")], 6),
        ([], None),
    ],
)
def test_an_order_was_paid_once_what_it_first_cost_had_come_in(payments, day):
    order = node(originalTotalPriceSet=bag("20.0"), transactions=payments)

    told = snapshot_from_node(order).told_paid_at

    assert told == (day and datetime(2026, 5, day, 9, tzinfo=UTC))
