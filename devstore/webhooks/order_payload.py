"""The payload of orders/*, as whole and as large as Shopify's."""

from hashlib import blake2b

from devstore.store.customers import Customer
from devstore.store.order import DiscountAllocation, Order, OrderLine, ShippingLine, TaxLine
from devstore.webhooks.customer_payload import address, customer_payload
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
        "shipping_lines": [_shipping_payload(line, values) for line in order.shipping_lines],
        "refunds": [refund_payload(order, refund, values, vendor) for refund in order.refunds],
        "fulfillments": [],
        "payment_terms": None,
    }


def _identity(order: Order, domain: str) -> Json:
    token = blake2b(str(order.id).encode(), digest_size=16).hexdigest()
    return {
        "id": order.id,
        "admin_graphql_api_id": order.gid,
        "app_id": 580111,
        "browser_ip": "203.0.113.7",
        "buyer_accepts_marketing": False,
        "cart_token": f"hWN{token}",
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
        "company": None,
        "confirmation_number": token[:9].upper(),
        "contact_email": order.email,
        "customer_locale": order.locale,
        "device_id": None,
        "email": order.email,
        "landing_site": "/collections/tea?utm_source=newsletter&utm_medium=email",
        "landing_site_ref": None,
        "location_id": None,
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
        "closed_at": None,
        "confirmed": True,
        "created_at": values.time(order.created_at),
        "currency": order.currency,
        "duties_included": False,
        "estimated_taxes": False,
        "financial_status": order.financial_status,
        "fulfillment_status": order.fulfillment_status,
        "presentment_currency": order.currency,
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
        "total_line_items_price": sum(line.price_minor * line.quantity for line in order.lines),
        "total_price": order.total_minor,
        "total_tax": order.tax_minor,
    }
    texts: Json = {name: values.money(amount) for name, amount in amounts.items()}
    sets = {f"{name}_set": values.money_set(amount) for name, amount in amounts.items()}
    none = dict.fromkeys(
        (
            "current_total_additional_fees_set", "current_total_duties_set",
            "original_total_additional_fees_set", "original_total_duties_set",
        )
    )  # fmt: skip
    return (
        texts
        | sets
        | none
        | {
            "current_shipping_price_set": values.money_set(order.shipping_minor),
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
    return [
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


def line_payload(line: OrderLine, values: Values, vendor: str) -> Json:
    """Return a line item."""
    name = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    return {
        "id": line.id,
        "admin_graphql_api_id": line.gid,
        "attributed_staffs": [],
        "current_quantity": line.current_quantity,
        "fulfillable_quantity": line.current_quantity,
        "fulfillment_service": "gift_card" if line.gift_card else "manual",
        "fulfillment_status": None,
        "gift_card": line.gift_card,
        "grams": line.grams,
        "name": name,
        "price": values.money(line.price_minor),
        "price_set": values.money_set(line.price_minor),
        "product_exists": line.product_id is not None,
        "product_id": line.product_id,
        "properties": [],
        "quantity": line.quantity,
        "requires_shipping": not line.gift_card,
        "sales_line_item_group_id": None,
        "sku": line.sku,
        "taxable": not line.gift_card,
        "title": line.title,
        # Codes are told in discount_allocations; this counts line discounts of old only.
        "total_discount": values.money(0),
        "total_discount_set": values.money_set(0),
        "variant_id": line.variant_id,
        "variant_inventory_management": "shopify",
        "variant_title": line.variant_title,
        "vendor": vendor,
        "tax_lines": [_tax_payload(tax, values) for tax in line.taxes],
        "duties": [],
        "discount_allocations": [_allocation(each, values) for each in line.allocations],
    }


def _shipping_payload(line: ShippingLine, values: Values) -> Json:
    allocations = (
        []
        if line.code_index is None
        else [_allocation(DiscountAllocation(line.discount_minor, line.code_index), values)]
    )
    return {
        "id": line.id,
        "carrier_identifier": None,
        "code": line.title,
        "current_discounted_price_set": values.money_set(line.discounted_minor),
        "discounted_price": values.money(line.discounted_minor),
        "discounted_price_set": values.money_set(line.discounted_minor),
        "is_removed": False,
        "phone": None,
        "price": values.money(line.price_minor),
        "price_set": values.money_set(line.price_minor),
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": line.title,
        "tax_lines": [_tax_payload(tax, values) for tax in line.taxes],
        "discount_allocations": allocations,
    }


def _allocation(allocation: DiscountAllocation, values: Values) -> Json:
    return {
        "amount": values.money(allocation.amount_minor),
        "amount_set": values.money_set(allocation.amount_minor),
        "discount_application_index": allocation.index,
    }


def _tax_payload(tax: TaxLine, values: Values) -> Json:
    return {
        "channel_liable": False,
        "price": values.money(tax.amount_minor),
        "price_set": values.money_set(tax.amount_minor),
        "rate": tax.rate_bp / 10_000,
        "title": tax.title,
    }


def order_tax_lines(order: Order, values: Values) -> list[Json]:
    """Return the order's taxes, summed by title and rate."""
    totals: dict[tuple[str, int], int] = {}
    taxed = [line.taxes for line in order.lines] + [line.taxes for line in order.shipping_lines]
    for tax in (tax for taxes in taxed for tax in taxes):
        key = (tax.title, tax.rate_bp)
        totals[key] = totals.get(key, 0) + tax.amount_minor
    return [
        _tax_payload(TaxLine(title, rate_bp, amount), values)
        for (title, rate_bp), amount in totals.items()
    ]
