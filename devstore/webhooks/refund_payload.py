"""The payload of refunds/create, and of the refunds inside an order."""

from devstore.store.order import Order, Refund
from devstore.webhooks.payload_values import Json, Values


def refund_payload(order: Order, refund: Refund, values: Values, vendor: str) -> Json:
    """Return a refund with its lines, adjustments and payouts."""
    return {
        "id": refund.id,
        "admin_graphql_api_id": refund.gid,
        "order_id": order.id,
        "created_at": values.time(refund.created_at),
        "processed_at": values.time(refund.created_at),
        "note": refund.note,
        "user_id": None,
        "restock": any(each.restock for each in refund.lines),
        "duties": [],
        "total_duties_set": values.money_set(0),
        "total_additional_fees_set": values.money_set(0),
        "return": None,
        "refund_shipping_lines": [],
        "additional_fees": [],
        "order_adjustments": _adjustments(order, refund, values),
        "refund_line_items": _lines(order, refund, values, vendor),
        "transactions": _transactions(order, refund, values),
    }


def _lines(order: Order, refund: Refund, values: Values, vendor: str) -> list[Json]:
    return [
        {
            "id": each.id,
            "line_item_id": each.line_id,
            "quantity": each.quantity,
            "restock_type": "return" if each.restock else "no_restock",
            "location_id": None,
            "subtotal": values.money(each.subtotal_minor),
            "subtotal_set": values.money_set(each.subtotal_minor),
            "total_tax": values.money(each.tax_minor),
            "total_tax_set": values.money_set(each.tax_minor),
            "line_item": {
                "id": each.line_id,
                "title": order.line(each.line_id).title,
                "vendor": vendor,
                "quantity": order.line(each.line_id).quantity,
                "current_quantity": order.line(each.line_id).current_quantity,
                "price": values.money(order.line(each.line_id).price_minor),
                "product_id": order.line(each.line_id).product_id,
                "variant_id": order.line(each.line_id).variant_id,
            },
        }
        for each in refund.lines
    ]


def _adjustments(order: Order, refund: Refund, values: Values) -> list[Json]:
    # Shopify writes what is paid back beyond the lines as a negative amount.
    wanted = (
        ("shipping_refund", "Shipping refund", -refund.shipping_minor),
        ("refund_discrepancy", "Refund discrepancy", -refund.adjustment_minor),
    )
    return [
        {
            "id": refund.id * 2 + place,
            "order_id": order.id,
            "refund_id": refund.id,
            "kind": kind,
            "reason": reason,
            "amount": values.money(amount),
            "amount_set": values.money_set(amount),
            "tax_amount": values.money(0),
            "tax_amount_set": values.money_set(0),
        }
        for place, (kind, reason, amount) in enumerate(wanted)
        if amount
    ]


def _transactions(order: Order, refund: Refund, values: Values) -> list[Json]:
    return [
        {
            "id": each.id,
            "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{each.id}",
            "order_id": order.id,
            "kind": each.kind,
            "status": "success",
            "gateway": each.gateway,
            "amount": values.money(each.amount_minor),
            "currency": order.currency,
            "created_at": values.time(each.created_at),
            "processed_at": values.time(each.created_at),
            "test": order.test,
            "parent_id": None,
            "message": "Bogus Gateway: Forced success",
        }
        for each in order.transactions
        if each.refund_id == refund.id
    ]
