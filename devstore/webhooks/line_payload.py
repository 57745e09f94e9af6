"""Line items, shipping lines and taxes as the payloads of orders tell them."""

from devstore.store.order import Order
from devstore.store.order_line import (
    DiscountAllocation,
    Duty,
    OrderLine,
    ShippingLine,
    TaxLine,
)
from devstore.webhooks.payload_values import Json, Values


def line_payload(line: OrderLine, values: Values, vendor: str) -> Json:
    """Return a line item."""
    name = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    told = {
        "id": line.id,
        "admin_graphql_api_id": line.gid,
        "attributed_staffs": [],
        "current_quantity": line.current_quantity,
        "fulfillable_quantity": 0 if line.tip else line.current_quantity,
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
        "requires_shipping": line.shipped,
        "sales_line_item_group_id": None,
        "sku": line.sku,
        "taxable": line.shipped,
        "title": line.title,
        # Codes are told in discount_allocations; this counts line discounts of old only.
        "total_discount": values.money(0),
        "total_discount_set": values.money_set(0),
        "variant_id": line.variant_id,
        "variant_inventory_management": None if line.tip else "shopify",
        "variant_title": line.variant_title,
        "vendor": vendor,
        "tax_lines": [_tax_payload(tax, values) for tax in line.taxes],
        "duties": [_duty(each, values) for each in line.duties],
        "discount_allocations": [_allocation(each, values) for each in line.allocations],
    }
    # Only tips have this field; that it is there is what tells them from custom items.
    return told | {"tip_payment_gateway": None, "tip_payment_method": None} if line.tip else told


def _duty(duty: Duty, values: Values) -> Json:
    price = values.money_set(duty.amount_minor)
    return {
        "id": duty.id,
        "admin_graphql_api_id": f"gid://shopify/Duty/{duty.id}",
        "harmonized_system_code": duty.harmonized_system_code,
        "country_code_of_origin": duty.country_code_of_origin,
        "shop_money": price["shop_money"],
        "presentment_money": price["presentment_money"],
        "tax_lines": [],
    }


def shipping_payload(line: ShippingLine, values: Values) -> Json:
    """Return a shipping line."""
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
