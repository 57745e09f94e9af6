"""The payload of refunds/create, and of the refunds inside an order."""

from devstore.store.order import Order
from devstore.store.order_money import Refund
from devstore.webhooks.payload_values import Json, Values


def refund_payload(order: Order, refund: Refund, values: Values, vendor: str) -> Json:
    """Return a refund with its lines, shipping, adjustments and payouts.

    Since 2024-10 shipping given back stands in lines of its own, not among the adjustments.
    """
    values = values.of(order)
    returned = None if refund.return_id is None else {"id": refund.return_id}
    return {
        "id": refund.id,
        "admin_graphql_api_id": refund.gid,
        "order_id": order.id,
        "created_at": values.time(refund.created_at),
        "processed_at": values.time(refund.created_at),
        "note": refund.note,
        "user_id": None,
        "restock": any(each.restock for each in refund.lines),
        "duties": _duties(order, refund, values),
        "total_duties_set": values.money_set(refund.duty_minor),
        "total_additional_fees_set": values.money_set(0),
        "return": returned,
        "refund_shipping_lines": _shipping_lines(order, refund, values),
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


def _duties(order: Order, refund: Refund, values: Values) -> list[Json]:
    return [
        {
            "duty_id": order.line(each.line_id).duties[0].id,
            "amount_set": values.money_set(each.duty_minor),
        }
        for each in refund.lines
        if each.duty_minor
    ]


def _shipping_lines(order: Order, refund: Refund, values: Values) -> list[Json]:
    if not refund.shipping_minor or not order.shipping_lines:
        return []
    return [
        {
            "id": refund.id * 2,
            "shipping_line_id": order.shipping_lines[0].id,
            "subtotal_amount_set": values.money_set(refund.shipping_minor),
            "tax_amount_set": values.money_set(0),
        }
    ]


def _adjustments(order: Order, refund: Refund, values: Values) -> list[Json]:
    return [
        {
            "id": refund.id * 4 + place,
            "order_id": order.id,
            "refund_id": refund.id,
            "kind": "refund_discrepancy",
            "reason": reason.replace("_", " ").capitalize(),
            "amount": values.money(amount),
            "amount_set": values.money_set(amount),
            "tax_amount": values.money(0),
            "tax_amount_set": values.money_set(0),
        }
        for place, (reason, amount) in enumerate(refund.discrepancies)
    ]


def _transactions(order: Order, refund: Refund, values: Values) -> list[Json]:
    return [
        {
            "id": each.id,
            "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{each.id}",
            "order_id": order.id,
            "kind": each.kind,
            "status": each.status,
            "gateway": each.gateway,
            # A transaction is told in the customer's currency.
            "amount": values.charged(each.amount_minor),
            "currency": values.presentment,
            "created_at": values.time(each.created_at),
            "processed_at": values.time(each.created_at),
            "test": order.test,
            "parent_id": None,
            "message": "Bogus Gateway: Forced success",
        }
        for each in order.transactions
        if each.refund_id == refund.id
    ]
