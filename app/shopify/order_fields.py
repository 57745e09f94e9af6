"""The fields that are read of an order's webhook: all others are skipped as its JSON is parsed.

Values are taken as they come; app.shopify.order_payload judges them.
"""

from typing import Any, TypedDict


class TaxFields(TypedDict, total=False):
    """One of `tax_lines`."""

    price: Any


class DiscountFields(TypedDict, total=False):
    """One of `discount_allocations`."""

    amount: Any


class LineFields(TypedDict, total=False):
    """One of `line_items`."""

    id: Any
    product_id: Any
    title: Any
    quantity: Any
    current_quantity: Any
    price: Any
    discount_allocations: list[DiscountFields] | None
    tax_lines: list[TaxFields] | None
    duties: Any
    gift_card: Any
    tip: Any
    tip_payment_gateway: Any


class ShippingFields(TypedDict, total=False):
    """One of `shipping_lines`."""

    is_removed: Any
    price: Any
    discounted_price: Any
    tax_lines: list[TaxFields] | None


class RefundLineFields(TypedDict, total=False):
    """One of `refund_line_items`."""

    line_item_id: Any
    quantity: Any


class RefundFields(TypedDict, total=False):
    """One of `refunds`."""

    id: Any
    created_at: Any
    order_adjustments: Any
    refund_line_items: list[RefundLineFields] | None
    refund_shipping_lines: Any


class CustomerFields(TypedDict, total=False):
    """The `customer`."""

    id: Any


class CodeFields(TypedDict, total=False):
    """One of `discount_codes`."""

    code: Any


class OrderFields(TypedDict, total=False):
    """An order."""

    id: Any
    name: Any
    currency: Any
    created_at: Any
    processed_at: Any
    updated_at: Any
    cancelled_at: Any
    financial_status: Any
    total_outstanding: Any
    fulfillment_status: Any
    test: Any
    taxes_included: Any
    duties_included: Any
    customer: CustomerFields | None
    line_items: list[LineFields]
    shipping_lines: list[ShippingFields] | None
    refunds: list[RefundFields] | None
    discount_codes: list[CodeFields] | None
