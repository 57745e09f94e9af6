"""What the Admin API tells of an order only when asked once more."""

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
