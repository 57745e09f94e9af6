"""Refunds and payments as the Admin API shows them."""

from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.line_view import line_view, shipping_view
from devstore.admin_api.values import moment, order_bag
from devstore.store.order import Order
from devstore.store.order_money import Refund, Transaction
from devstore.store.store import Store

View = dict[str, Any]


def refund_view(store: Store, order: Order, refund: Refund) -> View:
    """Return a Refund, but for its order."""
    lines = [
        {
            "id": f"gid://shopify/RefundLineItem/{each.id}",
            "lineItem": line_view(store, order, order.line(each.line_id)),
            "quantity": each.quantity,
            "restockType": "RETURN" if each.restock else "NO_RESTOCK",
            "restocked": each.restock,
            "priceSet": order_bag(order, order.line(each.line_id).price_minor),
            "subtotalSet": order_bag(order, each.subtotal_minor),
            "totalTaxSet": order_bag(order, each.tax_minor),
        }
        for each in refund.lines
    ]
    payouts = [each for each in order.transactions if each.refund_id == refund.id]
    return {
        "__typename": "Refund",
        "id": refund.gid,
        "legacyResourceId": str(refund.id),
        "createdAt": moment(refund.created_at),
        "processedAt": moment(refund.created_at),
        "updatedAt": moment(refund.created_at),
        "note": refund.note,
        "totalRefundedSet": order_bag(order, refund.amount_minor),
        "duties": [
            {
                "amountSet": order_bag(order, each.duty_minor),
                "originalDuty": None,
            }
            for each in refund.lines
            if each.duty_minor
        ],
        "refundLineItems": list_connection(lines),
        "refundShippingLines": list_connection(_refunded_shipping(order, refund)),
        "orderAdjustments": list_connection(_adjustments(order, refund)),
        "transactions": list_connection([transaction_view(order, each) for each in payouts]),
    }


def transaction_view(order: Order, transaction: Transaction) -> View:
    """Return an OrderTransaction."""
    return {
        "__typename": "OrderTransaction",
        "id": f"gid://shopify/OrderTransaction/{transaction.id}",
        "kind": transaction.kind.upper(),
        "status": transaction.status.upper(),
        "gateway": transaction.gateway,
        "test": order.test,
        "createdAt": moment(transaction.created_at),
        "processedAt": moment(transaction.created_at),
        "amountSet": order_bag(order, transaction.amount_minor),
    }


def _refunded_shipping(order: Order, refund: Refund) -> list[View]:
    if not refund.shipping_minor or not order.shipping_lines:
        return []
    return [
        {
            "id": f"gid://shopify/RefundShippingLine/{refund.id}",
            "shippingLine": shipping_view(order, order.shipping_lines[0]),
            "subtotalAmountSet": order_bag(order, refund.shipping_minor),
            "taxAmountSet": order_bag(order, 0),
        }
    ]


def _adjustments(order: Order, refund: Refund) -> list[View]:
    return [
        {
            "id": f"gid://shopify/OrderAdjustment/{refund.id * 4 + place}",
            "reason": reason,
            "amountSet": order_bag(order, amount),
            "taxAmountSet": order_bag(order, 0),
        }
        for place, (reason, amount) in enumerate(refund.discrepancies)
    ]
