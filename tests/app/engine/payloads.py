"""Orders and refunds as Shopify's webhooks would tell them."""

from typing import Any

from app.domain.money import to_decimal_text
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund

Json = dict[str, Any]


def order_payload(order: OrderSnapshot) -> Json:
    """Return an orders/* payload that is read as `order`."""
    shipping_tax = [{"price": _money(order.shipping_tax_minor)}]
    return {
        "id": order.order_id,
        "name": order.name,
        "customer": {"id": order.customer_id} if order.customer_id else None,
        "currency": order.currency,
        "created_at": order.created_at.isoformat(),
        "processed_at": order.processed_at.isoformat(),
        "updated_at": order.updated_at.isoformat(),
        "financial_status": order.financial_status,
        "fulfillment_status": "fulfilled" if order.fulfilled else None,
        "cancelled_at": order.cancelled_at and order.cancelled_at.isoformat(),
        "test": order.test,
        "taxes_included": order.taxes_included,
        "duties_included": any(line.duty_minor for line in order.lines),
        "line_items": [_line(line) for line in order.lines],
        "shipping_lines": [{"price": _money(order.shipping_minor), "tax_lines": shipping_tax}],
        "refunds": [refund_payload(order.order_id, refund) for refund in order.refunds],
        "discount_codes": [{"code": code} for code in order.discount_codes],
        "total_outstanding": _money(order.outstanding_minor),
    }


def refund_payload(order_id: int, refund: Refund) -> Json:
    """Return a refunds/create payload that is read as `refund`."""
    beyond_lines = {
        "kind": "refund_discrepancy",
        "amount_set": _set(-refund.amount_minor),
        "tax_amount_set": _set(0),
    }
    return {
        "id": refund.refund_id,
        "order_id": order_id,
        "created_at": refund.created_at.isoformat(),
        "refund_line_items": [
            {"line_item_id": line_id, "quantity": quantity}
            for line_id, quantity in refund.line_quantities
        ],
        "order_adjustments": [beyond_lines] if refund.amount_minor else [],
        "refund_shipping_lines": [{"subtotal_amount_set": _set(refund.shipping_minor)}],
    }


def _line(line: OrderLine) -> Json:
    price_minor, rest = divmod(line.gross_minor, line.quantity)
    assert not rest
    told: Json = {
        "id": line.line_id,
        "product_id": line.product_id,
        "title": line.title,
        "quantity": line.quantity,
        "current_quantity": line.current_quantity,
        "price": _money(price_minor),
        "gift_card": line.gift_card,
        "discount_allocations": [{"amount": _money(line.discount_minor)}],
        "tax_lines": [{"price": _money(line.tax_minor)}],
        "duties": [_set(line.duty_minor)] if line.duty_minor else [],
    }
    return told | {"tip_payment_gateway": None} if line.tip else told


def _money(amount_minor: int) -> str:
    return to_decimal_text(amount_minor, "USD")


def _set(amount_minor: int) -> Json:
    return {"shop_money": {"amount": _money(amount_minor), "currency_code": "USD"}}
