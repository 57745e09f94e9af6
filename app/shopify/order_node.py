"""Orders as the Admin GraphQL API tells them, read into the same snapshot as webhooks give."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.domain.money import to_minor
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund
from app.shopify.order_payload import financial_status, gid_number, moment, optional_moment

Node = Mapping[str, Any]
PAYMENTS = ("SALE", "CAPTURE")


def snapshot_from_node(node: Node) -> OrderSnapshot:
    """Return the order of a GraphQL `Order` whose lines and refunds are all there."""
    currency = node["currencyCode"]
    customer = node["customer"]
    shipping_lines = node["shippingLines"]["nodes"]
    return OrderSnapshot(
        order_id=int(node["legacyResourceId"]),
        name=node["name"],
        customer_id=int(customer["legacyResourceId"]) if customer else None,
        currency=currency,
        created_at=moment(node["createdAt"]),
        processed_at=moment(node["processedAt"]),
        updated_at=moment(node["updatedAt"]),
        financial_status=financial_status(node["displayFinancialStatus"]),
        fulfilled=node["displayFulfillmentStatus"] == "FULFILLED",
        cancelled_at=optional_moment(node["cancelledAt"]),
        test=node["test"],
        taxes_included=node["taxesIncluded"],
        lines=tuple(
            _line(
                line,
                currency,
                tipped=_money(node["totalTipReceivedSet"], currency) > 0,
                duties_included=node["dutiesIncluded"],
            )
            for line in node["lineItems"]["nodes"]
        ),
        shipping_minor=_sum(shipping_lines, "discountedPriceSet", currency),
        shipping_tax_minor=sum(
            _sum(line["taxLines"], "priceSet", currency) for line in shipping_lines
        ),
        refunds=tuple(refund_from_node(refund, currency) for refund in node["refunds"]),
        discount_codes=tuple(node["discountCodes"]),
        outstanding_minor=max(_money(node["totalOutstandingSet"], currency), 0),
        told_paid_at=_paid_at(node, currency),
    )


def _paid_at(node: Node, currency: str) -> datetime | None:
    """Return when what the order first cost was paid in full, None where that is not told.

    What an edit added was paid later; where less was asked for in the end, the last payment counts,
    once nothing is outstanding.
    """
    payments = sorted(
        (moment(each["processedAt"]), _money(each["amountSet"], currency))
        for each in node.get("transactions") or ()
        if each["kind"] in PAYMENTS and each["status"] == "SUCCESS" and each["processedAt"]
    )
    due_minor = _money(node["originalTotalPriceSet"], currency) if payments else 0
    for at, amount_minor in payments:
        due_minor -= amount_minor
        if due_minor <= 0:
            return at
    settled = _money(node["totalOutstandingSet"], currency) <= 0
    return payments[-1][0] if payments and settled else None


def refund_from_node(node: Node, currency: str) -> Refund:
    """Return the refund of a GraphQL `Refund` whose lines are all there."""
    adjustments = node["orderAdjustments"]["nodes"]
    shipping_lines = node["refundShippingLines"]["nodes"]
    # What is paid back beyond the lines is a negative discrepancy; see refund_from_payload.
    beyond_lines_minor = _sum(adjustments, "amountSet", currency) + _sum(
        adjustments, "taxAmountSet", currency
    )
    shipping_minor = _sum(shipping_lines, "subtotalAmountSet", currency) + _sum(
        shipping_lines, "taxAmountSet", currency
    )
    return Refund(
        refund_id=int(node["legacyResourceId"]),
        created_at=moment(node["createdAt"]),
        line_quantities=tuple(
            (gid_number(line["lineItem"]["id"]), line["quantity"])
            for line in node["refundLineItems"]["nodes"]
        ),
        amount_minor=-beyond_lines_minor,
        shipping_minor=shipping_minor,
    )


def _line(node: Node, currency: str, *, tipped: bool, duties_included: bool) -> OrderLine:
    product = node["product"]
    price_minor = _money(node["originalUnitPriceSet"], currency)
    return OrderLine(
        line_id=gid_number(node["id"]),
        product_id=int(product["legacyResourceId"]) if product else None,
        title=node["title"],
        quantity=node["quantity"],
        current_quantity=node["currentQuantity"],
        gross_minor=price_minor * node["quantity"],
        discount_minor=_sum(node["discountAllocations"], "allocatedAmountSet", currency),
        tax_minor=_sum(node["taxLines"], "priceSet", currency),
        gift_card=node["isGiftCard"],
        duty_minor=_sum(node["duties"], "price", currency) if duties_included else 0,
        # The Admin API does not say which line is the tip: it is of no product and never sent.
        tip=tipped
        and product is None
        and not node["requiresShipping"]
        and not node["isGiftCard"]
        and node["nonFulfillableQuantity"] >= node["quantity"],
    )


def _sum(nodes: Iterable[Node], name: str, currency: str) -> int:
    return sum(_money(node[name], currency) for node in nodes)


def _money(bag: Node, currency: str) -> int:
    return to_minor(bag["shopMoney"]["amount"], currency)
