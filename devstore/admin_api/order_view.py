"""Orders and refunds as the Admin API shows them."""

from collections.abc import Callable
from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.customer_view import customer_view
from devstore.admin_api.metafield_view import metafield_resolver
from devstore.admin_api.product_view import product_view, variant_view
from devstore.admin_api.values import moment, money_bag
from devstore.store.order import DiscountAllocation, Order, OrderLine, Refund, ShippingLine, TaxLine
from devstore.store.store import Store

View = dict[str, Any]


def order_view(store: Store, order: Order) -> View:
    """Return an Order."""
    return _identity(order) | _state(order) | _amounts(order) | _parts(store, order)


def _identity(order: Order) -> View:
    return {
        "__typename": "Order",
        "id": order.gid,
        "legacyResourceId": str(order.id),
        "name": order.name,
        "number": order.number,
        "email": order.email,
        "note": order.note,
        "tags": list(order.tags),
        "test": order.test,
        "confirmed": True,
        "sourceName": order.source_name,
        "customerLocale": order.locale,
        "currencyCode": order.currency,
        "presentmentCurrencyCode": order.currency,
        "taxesIncluded": order.taxes_included,
    }


def _state(order: Order) -> View:
    codes = [used.code for used in order.discount_codes]
    return {
        "createdAt": moment(order.created_at),
        "processedAt": moment(order.processed_at),
        "updatedAt": moment(order.updated_at),
        "cancelledAt": moment(order.cancelled_at),
        "cancelReason": order.cancel_reason.upper() if order.cancel_reason else None,
        "closedAt": None,
        "closed": False,
        "edited": order.edited_at is not None,
        "displayFinancialStatus": order.financial_status.upper(),
        "displayFulfillmentStatus": "FULFILLED" if order.fulfilled_at else "UNFULFILLED",
        "fullyPaid": order.outstanding_minor == 0 and order.financial_status != "voided",
        "unpaid": order.financial_status in ("pending", "voided"),
        "discountCode": codes[0] if codes else None,
        "discountCodes": codes,
        "subtotalLineItemsQuantity": sum(line.quantity for line in order.lines),
        "currentSubtotalLineItemsQuantity": sum(line.current_quantity for line in order.lines),
    }


def _amounts(order: Order) -> View:
    amounts = {
        "subtotalPriceSet": order.subtotal_minor,
        "currentSubtotalPriceSet": order.current_subtotal_minor,
        "totalPriceSet": order.total_minor,
        "originalTotalPriceSet": order.total_minor,
        "currentTotalPriceSet": order.current_total_minor,
        "totalTaxSet": order.tax_minor,
        "currentTotalTaxSet": order.current_tax_minor,
        "totalDiscountsSet": order.discount_minor,
        "currentTotalDiscountsSet": order.current_discount_minor,
        "totalShippingPriceSet": order.shipping_minor,
        "totalRefundedSet": order.refunded_minor,
        "totalRefundedShippingSet": sum(refund.shipping_minor for refund in order.refunds),
        "totalReceivedSet": order.paid_minor,
        "netPaymentSet": order.paid_minor - order.refunded_minor,
        "totalOutstandingSet": order.outstanding_minor,
        "totalTipReceivedSet": order.tip_minor,
        "refundDiscrepancySet": sum(refund.adjustment_minor for refund in order.refunds),
    }
    return {name: money_bag(amount, order.currency) for name, amount in amounts.items()}


def _parts(store: Store, order: Order) -> View:
    def customer(_info: object) -> View | None:
        found = None if order.customer_id is None else store.customers.get(order.customer_id)
        return None if found is None else customer_view(store, found)

    def refunds(_info: object, first: int | None = None) -> list[View]:
        return [refund_view(store, order, refund) for refund in order.refunds[:first]]

    def transactions(_info: object, first: int | None = None, **_: object) -> list[View]:
        return _transactions(order)[:first]

    return {
        "customer": customer,
        "lineItems": list_connection([line_view(store, order, line) for line in order.lines]),
        "shippingLines": list_connection(
            [_shipping_view(order, line) for line in order.shipping_lines]
        ),
        "refunds": refunds,
        "transactions": transactions,
        "taxLines": _taxes(order, lambda line: line.quantity),
        "currentTaxLines": _taxes(order, lambda line: line.current_quantity),
        "metafield": metafield_resolver(store, order.gid),
    }


def line_view(store: Store, order: Order, line: OrderLine) -> View:
    """Return a LineItem."""

    def product(_info: object) -> View | None:
        found = None if line.product_id is None else store.products.get(line.product_id)
        return None if found is None else product_view(found)

    def variant(_info: object) -> View | None:
        if line.variant_id is None or not store.products.existing([line.variant_id]):
            return None
        return variant_view(*store.products.variant(line.variant_id), order.currency)

    def tax_lines(_info: object, first: int | None = None) -> list[View]:
        return [_tax_view(tax, order.currency) for tax in line.taxes][:first]

    name = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    return {
        "__typename": "LineItem",
        "id": line.gid,
        "title": line.title,
        "name": name,
        "variantTitle": line.variant_title,
        "sku": line.sku,
        "vendor": store.shop.name,
        "quantity": line.quantity,
        "currentQuantity": line.current_quantity,
        "refundableQuantity": line.current_quantity,
        "isGiftCard": line.gift_card,
        "requiresShipping": not line.gift_card,
        "taxable": not line.gift_card,
        "discountAllocations": _allocations(order, line.allocations),
        "taxLines": tax_lines,
        "product": product,
        "variant": variant,
    } | _line_amounts(order, line)


def _line_amounts(order: Order, line: OrderLine) -> View:
    amounts = {
        "originalUnitPriceSet": line.price_minor,
        "originalTotalSet": line.price_minor * line.quantity,
        "discountedUnitPriceSet": line.price_minor,
        "discountedUnitPriceAfterAllDiscountsSet": line.part(line.discounted_minor, 1),
        "totalDiscountSet": line.discount_minor,
    }

    def discounted_total(_info: object, **arguments: bool) -> View:
        # Codes count as discounts here only when asked for.
        with_codes = arguments.get("withCodeDiscounts", False)
        whole = line.price_minor * line.quantity
        return money_bag(line.discounted_minor if with_codes else whole, order.currency)

    bags: View = {name: money_bag(amount, order.currency) for name, amount in amounts.items()}
    return bags | {"discountedTotalSet": discounted_total}


def refund_view(store: Store, order: Order, refund: Refund) -> View:
    """Return a Refund."""
    currency = order.currency
    lines = [
        {
            "id": f"gid://shopify/RefundLineItem/{each.id}",
            "lineItem": line_view(store, order, order.line(each.line_id)),
            "quantity": each.quantity,
            "restockType": "RETURN" if each.restock else "NO_RESTOCK",
            "restocked": each.restock,
            "priceSet": money_bag(order.line(each.line_id).price_minor, currency),
            "subtotalSet": money_bag(each.subtotal_minor, currency),
            "totalTaxSet": money_bag(each.tax_minor, currency),
        }
        for each in refund.lines
    ]
    return {
        "__typename": "Refund",
        "id": refund.gid,
        "legacyResourceId": str(refund.id),
        "createdAt": moment(refund.created_at),
        "processedAt": moment(refund.created_at),
        "updatedAt": moment(refund.created_at),
        "note": refund.note,
        "order": lambda _info: order_view(store, order),
        "totalRefundedSet": money_bag(refund.amount_minor, currency),
        "refundLineItems": list_connection(lines),
        "refundShippingLines": list_connection(_refunded_shipping(order, refund)),
        "orderAdjustments": list_connection(_adjustments(refund, currency)),
        "transactions": list_connection(_transactions(order, refund.id)),
    }


def _refunded_shipping(order: Order, refund: Refund) -> list[View]:
    if not refund.shipping_minor or not order.shipping_lines:
        return []
    line = order.shipping_lines[0]
    return [
        {
            "id": f"gid://shopify/RefundShippingLine/{refund.id}",
            "shippingLine": _shipping_view(order, line),
            "subtotalAmountSet": money_bag(refund.shipping_minor, order.currency),
            "taxAmountSet": money_bag(0, order.currency),
        }
    ]


def _adjustments(refund: Refund, currency: str) -> list[View]:
    if not refund.adjustment_minor:
        return []
    return [
        {
            "id": f"gid://shopify/OrderAdjustment/{refund.id}",
            "reason": "REFUND_DISCREPANCY",
            "amountSet": money_bag(-refund.adjustment_minor, currency),
            "taxAmountSet": money_bag(0, currency),
        }
    ]


def _shipping_view(order: Order, line: ShippingLine) -> View:
    amounts = {
        "originalPriceSet": line.price_minor,
        "discountedPriceSet": line.discounted_minor,
        "currentDiscountedPriceSet": line.discounted_minor,
    }
    allocations = (
        ()
        if line.code_index is None
        else (DiscountAllocation(line.discount_minor, line.code_index),)
    )
    bags: View = {name: money_bag(amount, order.currency) for name, amount in amounts.items()}
    return bags | {
        "id": f"gid://shopify/ShippingLine/{line.id}",
        "title": line.title,
        "code": line.title,
        "custom": False,
        "isRemoved": False,
        "discountAllocations": _allocations(order, allocations),
        "taxLines": [_tax_view(tax, order.currency) for tax in line.taxes],
    }


def _transactions(order: Order, refund_id: int | None = None) -> list[View]:
    return [
        {
            "__typename": "OrderTransaction",
            "id": f"gid://shopify/OrderTransaction/{each.id}",
            "kind": each.kind.upper(),
            "status": "SUCCESS",
            "gateway": each.gateway,
            "test": order.test,
            "createdAt": moment(each.created_at),
            "amountSet": money_bag(each.amount_minor, order.currency),
        }
        for each in order.transactions
        if refund_id is None or each.refund_id == refund_id
    ]


def _allocations(order: Order, allocations: tuple[DiscountAllocation, ...]) -> list[View]:
    return [
        {"allocatedAmountSet": money_bag(each.amount_minor, order.currency)} for each in allocations
    ]


def _tax_view(tax: TaxLine, currency: str) -> View:
    return {
        "title": tax.title,
        "rate": tax.rate_bp / 10_000,
        "ratePercentage": tax.rate_bp / 100,
        "priceSet": money_bag(tax.amount_minor, currency),
        "channelLiable": False,
    }


def _taxes(order: Order, quantity: Callable[[OrderLine], int]) -> list[View]:
    totals: dict[tuple[str, int], int] = {}
    for line in order.lines:
        for tax in line.taxes:
            key = (tax.title, tax.rate_bp)
            totals[key] = totals.get(key, 0) + line.part(tax.amount_minor, quantity(line))
    for shipping in order.shipping_lines:
        for tax in shipping.taxes:
            key = (tax.title, tax.rate_bp)
            totals[key] = totals.get(key, 0) + tax.amount_minor
    return [
        _tax_view(TaxLine(title, rate_bp, amount), order.currency)
        for (title, rate_bp), amount in totals.items()
    ]
