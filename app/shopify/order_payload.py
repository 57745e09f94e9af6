"""Orders and refunds as Shopify's webhooks tell them, read into the snapshot of the rules."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, get_args

from app.domain.money import to_minor
from app.domain.order_snapshot import FinancialStatus, OrderLine, OrderSnapshot, Refund

Json = Mapping[str, Any]

FINANCIAL_STATUSES: Final[dict[str, FinancialStatus]] = {
    status: status for status in get_args(FinancialStatus)
}


def snapshot_from_payload(payload: Json) -> OrderSnapshot:
    """Return the order of an `orders/*` webhook.

    All amounts are those of the shop's currency. Raises KeyError, TypeError or ValueError when
    the payload is not an order.
    """
    currency = payload["currency"]
    created_at = moment(payload["created_at"])
    processed_at = payload.get("processed_at")
    customer = payload.get("customer")
    shipping_lines = [
        line for line in payload.get("shipping_lines") or () if not line.get("is_removed")
    ]
    return OrderSnapshot(
        order_id=int(payload["id"]),
        name=payload.get("name") or "",
        customer_id=int(customer["id"]) if customer and customer.get("id") else None,
        currency=currency,
        created_at=created_at,
        processed_at=moment(processed_at) if processed_at else created_at,
        updated_at=moment(payload["updated_at"]),
        financial_status=financial_status(payload.get("financial_status")),
        fulfilled=payload.get("fulfillment_status") == "fulfilled",
        cancelled_at=optional_moment(payload.get("cancelled_at")),
        test=bool(payload.get("test")),
        taxes_included=bool(payload.get("taxes_included")),
        lines=tuple(
            _line(line, currency, duties_included=bool(payload.get("duties_included")))
            for line in payload["line_items"]
        ),
        shipping_minor=sum(_shipping_price(line, currency) for line in shipping_lines),
        shipping_tax_minor=sum(_taxes(line, currency) for line in shipping_lines),
        refunds=tuple(
            refund_from_payload(refund, currency) for refund in payload.get("refunds") or ()
        ),
        discount_codes=tuple(code["code"] for code in payload.get("discount_codes") or ()),
        outstanding_minor=max(to_minor(payload.get("total_outstanding") or "0", currency), 0),
    )


def refund_from_payload(payload: Json, currency: str) -> Refund:
    """Return a refund as it stands in an order, or as `refunds/create` tells it."""
    # Shopify writes what is paid back beyond the lines as a negative discrepancy, and what was not
    # paid back for them, or not yet, as a positive one.
    beyond_lines_minor = sum(
        _adjustment(adjustment, currency)
        for adjustment in payload.get("order_adjustments") or ()
        if adjustment.get("kind") == "refund_discrepancy"
    )
    shipping_minor = sum(
        _sets(line, ("subtotal_amount_set", "tax_amount_set"), currency)
        for line in payload.get("refund_shipping_lines") or ()
    )
    return Refund(
        refund_id=int(payload["id"]),
        created_at=moment(payload["created_at"]),
        line_quantities=tuple(
            (int(line["line_item_id"]), int(line["quantity"]))
            for line in payload.get("refund_line_items") or ()
        ),
        amount_minor=-beyond_lines_minor,
        shipping_minor=shipping_minor,
    )


def refund_currency(payload: Json) -> str | None:
    """Return the shop currency that a refund's amounts are in, or None when it has no amounts."""
    for part, name in (
        ("order_adjustments", "amount_set"),
        ("refund_shipping_lines", "subtotal_amount_set"),
    ):
        for amount in payload.get(part) or ():
            currency: str = amount[name]["shop_money"]["currency_code"]
            return currency
    return None


def financial_status(told: str | None) -> FinancialStatus:
    """Return the status in the words of the rules; webhooks and GraphQL differ in case only."""
    return FINANCIAL_STATUSES.get((told or "pending").lower(), "unknown")


def moment(text: str) -> datetime:
    """Return an ISO 8601 time as an aware datetime in UTC."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("A time without its zone.")
    return read.astimezone(UTC)


def optional_moment(text: str | None) -> datetime | None:
    """Return `moment(text)`, or None when there is none."""
    return moment(text) if text else None


def gid_number(gid: str) -> int:
    """Return the number at the end of a global id: gid://shopify/Order/1 is 1."""
    return int(gid.rpartition("/")[2].partition("?")[0])


def _line(line: Json, currency: str, *, duties_included: bool) -> OrderLine:
    quantity = int(line["quantity"])
    current_quantity = line.get("current_quantity")
    product_id = line.get("product_id")
    return OrderLine(
        line_id=int(line["id"]),
        product_id=int(product_id) if product_id else None,
        title=line.get("title") or "",
        quantity=quantity,
        current_quantity=quantity if current_quantity is None else int(current_quantity),
        gross_minor=to_minor(line["price"], currency) * quantity,
        discount_minor=_sum(line.get("discount_allocations") or (), "amount", currency),
        tax_minor=_taxes(line, currency),
        gift_card=bool(line.get("gift_card")),
        duty_minor=_duties(line, currency) if duties_included else 0,
        # Only tips have this field, and on them it may be null.
        tip="tip_payment_gateway" in line or bool(line.get("tip")),
    )


def _shipping_price(line: Json, currency: str) -> int:
    return to_minor(line.get("discounted_price") or line["price"], currency)


def _taxes(line: Json, currency: str) -> int:
    return _sum(line.get("tax_lines") or (), "price", currency)


def _duties(line: Json, currency: str) -> int:
    """Return the line's duties; the older form tells their money in a set of its own."""
    return sum(
        to_minor((duty.get("price_set") or duty)["shop_money"]["amount"], currency)
        for duty in line.get("duties") or ()
    )


def _adjustment(adjustment: Json, currency: str) -> int:
    if adjustment.get("amount_set"):
        return _sets(adjustment, ("amount_set", "tax_amount_set"), currency)
    tax = adjustment.get("tax_amount") or "0"
    return to_minor(adjustment["amount"], currency) + to_minor(tax, currency)


def _sets(part: Json, names: Iterable[str], currency: str) -> int:
    """Return the sum of the money sets of these names, in shop money; one may be absent."""
    return sum(
        to_minor(part[name]["shop_money"]["amount"], currency) for name in names if part.get(name)
    )


def _sum(parts: Iterable[Json], name: str, currency: str) -> int:
    total_minor = 0
    for part in parts:
        total_minor += to_minor(part[name], currency)
    return total_minor
