"""The payload of orders/*, as whole and as large as Shopify's."""

from hashlib import blake2b

from devstore.store.customers import Customer
from devstore.store.order import Order
from devstore.webhooks.customer_payload import address, customer_payload
from devstore.webhooks.line_payload import line_payload, order_tax_lines, shipping_payload
from devstore.webhooks.payload_values import Json, Values
from devstore.webhooks.refund_payload import refund_payload

USER_AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def order_payload(
    order: Order, customer: Customer | None, values: Values, vendor: str, domain: str
) -> Json:
    """Return an order with its customer as it is now."""
    values = values.of(order)
    return {
        **_identity(order, domain),
        **_state(order, values),
        **_amounts(order, values),
        **_people(customer, order, values),
        "discount_codes": [
            {"code": used.code, "amount": values.money(used.amount_minor), "type": used.kind}
            for used in order.discount_codes
        ],
        "discount_applications": _applications(order),
        "tax_lines": order_tax_lines(order, values),
        "line_items": [line_payload(line, values, vendor) for line in order.lines],
        "shipping_lines": [shipping_payload(line, values) for line in order.shipping_lines],
        "refunds": [refund_payload(order, refund, values, vendor) for refund in order.refunds],
        "returns": [
            {"id": each.id, "admin_graphql_api_id": each.gid, "status": "CLOSED"}
            for each in order.returns
        ],
        "fulfillments": [],
        "payment_terms": None,
    }


def _identity(order: Order, domain: str) -> Json:
    token = blake2b(str(order.id).encode(), digest_size=16).hexdigest()
    return {
        "id": order.id,
        "admin_graphql_api_id": order.gid,
        "app_id": 129785 if order.location_id else 580111,
        "browser_ip": None if order.location_id else "203.0.113.7",
        "buyer_accepts_marketing": False,
        "cart_token": None if order.location_id else f"hWN{token}",
        "checkout_id": order.id + 7,
        "checkout_token": token,
        "client_details": {
            "accept_language": order.locale,
            "browser_height": None,
            "browser_ip": "203.0.113.7",
            "browser_width": None,
            "session_hash": None,
            "user_agent": USER_AGENT,
        },
        "company": {"id": order.company.id, "location_id": order.company.location_id}
        if order.company
        else None,
        "confirmation_number": token[:9].upper(),
        "contact_email": order.email,
        "customer_locale": order.locale,
        "device_id": None,
        "email": order.email,
        "landing_site": None
        if order.location_id
        else "/collections/tea?utm_source=newsletter&utm_medium=email",
        "landing_site_ref": None,
        "location_id": order.location_id,
        "merchant_business_entity_id": "MTU0ODM4MDAwOQ",
        "merchant_of_record_app_id": None,
        "name": order.name,
        "note": order.note,
        "note_attributes": [],
        "number": order.number - 1000 if order.number > 1000 else order.number,
        "order_number": order.number,
        "order_status_url": f"https://{domain}/548380009/orders/{token}/authenticate?key={token}",
        "payment_gateway_names": sorted({each.gateway for each in order.transactions}),
        "phone": None,
        "po_number": None,
        "reference": None,
        "referring_site": "https://www.example.com/",
        "source_identifier": None,
        "source_name": order.source_name,
        "source_url": None,
        "tags": ", ".join(order.tags),
        "token": token,
        "user_id": None,
    }


def _state(order: Order, values: Values) -> Json:
    return {
        "cancel_reason": order.cancel_reason,
        "cancelled_at": values.time(order.cancelled_at),
        "closed_at": values.time(order.closed_at),
        "confirmed": True,
        "created_at": values.time(order.created_at),
        "currency": order.currency,
        "duties_included": False,
        "estimated_taxes": False,
        "financial_status": order.financial_status,
        "fulfillment_status": order.fulfillment_status,
        "presentment_currency": order.charged_currency,
        "processed_at": values.time(order.processed_at),
        "tax_exempt": False,
        "taxes_included": order.taxes_included,
        "test": order.test,
        "total_weight": sum(line.grams * line.quantity for line in order.lines),
        "updated_at": values.time(order.updated_at),
    }


def _amounts(order: Order, values: Values) -> Json:
    amounts = {
        "current_subtotal_price": order.current_subtotal_minor,
        "current_total_discounts": order.current_discount_minor,
        "current_total_price": order.current_total_minor,
        "current_total_tax": order.current_tax_minor,
        "subtotal_price": order.subtotal_minor,
        "total_discounts": order.discount_minor,
        "total_line_items_price": order.line_items_minor,
        "total_price": order.total_minor,
        "total_tax": order.tax_minor,
    }
    texts: Json = {name: values.money(amount) for name, amount in amounts.items()}
    sets = {f"{name}_set": values.money_set(amount) for name, amount in amounts.items()}
    none = dict.fromkeys(
        ("current_total_additional_fees_set", "original_total_additional_fees_set")
    )
    duties: Json = {"current_total_duties_set": None, "original_total_duties_set": None}
    if order.duty_minor:
        duties = {
            "current_total_duties_set": values.money_set(order.current_duty_minor),
            "original_total_duties_set": values.money_set(order.duty_minor),
        }
    return (
        texts
        | sets
        | none
        | duties
        | {
            "current_shipping_price_set": values.money_set(order.current_shipping_minor),
            "total_shipping_price_set": values.money_set(order.shipping_minor),
            "total_cash_rounding_payment_adjustment_set": values.money_set(0),
            "total_cash_rounding_refund_adjustment_set": values.money_set(0),
            "total_outstanding": values.money(order.outstanding_minor),
            "total_tip_received": values.money(order.tip_minor),
        }
    )


def _people(customer: Customer | None, order: Order, values: Values) -> Json:
    if customer is None:
        return {"customer": None, "billing_address": None, "shipping_address": None}
    where = address(customer)
    return {
        "customer": customer_payload(customer, values),
        "billing_address": where,
        "shipping_address": where if order.shipping_lines else None,
    }


def _applications(order: Order) -> list[Json]:
    applications = [
        {
            "target_type": "shipping_line" if used.kind == "shipping" else "line_item",
            "type": "discount_code",
            "value": "100.0" if used.kind == "shipping" else used.value,
            "value_type": "percentage" if used.kind == "shipping" else used.kind,
            "allocation_method": "each" if used.kind == "shipping" else "across",
            "target_selection": "all",
            "code": used.code,
        }
        for used in order.discount_codes
    ]
    if order.automatic_discount is not None:
        applications.append(
            {
                "target_type": "shipping_line",
                "type": "automatic",
                "value": "100.0",
                "value_type": "percentage",
                "allocation_method": "each",
                "target_selection": "all",
                "title": order.automatic_discount,
            }
        )
    return applications
