"""Orders and refunds as the Admin API shows them."""

from collections.abc import Callable
from typing import Any

from devstore.admin_api import refund_view as refund_views
from devstore.admin_api.connections import list_connection
from devstore.admin_api.customer_view import customer_view
from devstore.admin_api.line_view import line_view, shipping_view, tax_view
from devstore.admin_api.metafield_view import metafield_resolver
from devstore.admin_api.refund_view import transaction_view
from devstore.admin_api.values import moment, order_bag
from devstore.store.order import Order
from devstore.store.order_line import OrderLine, TaxLine
from devstore.store.order_money import Refund
from devstore.store.store import Store

View = dict[str, Any]


def order_view(store: Store, order: Order) -> View:
    """Return an Order."""
    return _identity(order) | _state(order) | _amounts(order) | _parts(store, order)


def refund_view(store: Store, order: Order, refund: Refund) -> View:
    """Return a Refund with its order."""
    view = refund_views.refund_view(store, order, refund)
    return view | {"order": lambda _info: order_view(store, order)}


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
        "presentmentCurrencyCode": order.charged_currency,
        "taxesIncluded": order.taxes_included,
        "dutiesIncluded": False,
    }


def _state(order: Order) -> View:
    codes = [used.code for used in order.discount_codes]
    goods = [line for line in order.lines if not line.tip]
    return {
        "createdAt": moment(order.created_at),
        "processedAt": moment(order.processed_at),
        "updatedAt": moment(order.updated_at),
        "cancelledAt": moment(order.cancelled_at),
        "cancelReason": order.cancel_reason.upper() if order.cancel_reason else None,
        "closedAt": moment(order.closed_at),
        "closed": order.closed_at is not None,
        "edited": order.edited_at is not None,
        "displayFinancialStatus": order.financial_status.upper(),
        "displayFulfillmentStatus": "FULFILLED" if order.fulfilled_at else "UNFULFILLED",
        "fullyPaid": order.outstanding_minor == 0 and order.financial_status != "voided",
        "unpaid": order.financial_status in ("pending", "authorized", "voided"),
        "discountCode": codes[0] if codes else None,
        "discountCodes": codes,
        "subtotalLineItemsQuantity": sum(line.quantity for line in goods),
        "currentSubtotalLineItemsQuantity": sum(line.current_quantity for line in goods),
    }


def _amounts(order: Order) -> View:
    amounts = {
        "subtotalPriceSet": order.subtotal_minor,
        "currentSubtotalPriceSet": order.current_subtotal_minor,
        "totalPriceSet": order.total_minor,
        "originalTotalPriceSet": order.original_total_minor,
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
    duties: dict[str, int] = {}
    if order.duty_minor:
        duties["originalTotalDutiesSet"] = order.duty_minor
        duties["currentTotalDutiesSet"] = order.current_duty_minor
    return {name: order_bag(order, amount) for name, amount in (amounts | duties).items()}


def _parts(store: Store, order: Order) -> View:
    def customer(_info: object) -> View | None:
        found = None if order.customer_id is None else store.customers.get(order.customer_id)
        return None if found is None else customer_view(store, found)

    def refunds(_info: object, first: int | None = None) -> list[View]:
        return [refund_view(store, order, refund) for refund in order.refunds[:first]]

    def transactions(_info: object, first: int | None = None, **_: object) -> list[View]:
        return [transaction_view(order, each) for each in order.transactions[:first]]

    return {
        "customer": customer,
        "lineItems": list_connection([line_view(store, order, line) for line in order.lines]),
        "shippingLines": list_connection(
            [shipping_view(order, line) for line in order.shipping_lines]
        ),
        "refunds": refunds,
        "transactions": transactions,
        "taxLines": _taxes(order, lambda line: line.quantity),
        "currentTaxLines": _taxes(order, lambda line: line.current_quantity),
        "metafield": metafield_resolver(store, order.gid),
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
        tax_view(TaxLine(title, rate_bp, amount), order)
        for (title, rate_bp), amount in totals.items()
    ]
