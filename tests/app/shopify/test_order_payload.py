"""Webhook JSON becomes the snapshot that the rules read: integers, UTC, shop money."""

from datetime import UTC, datetime

import pytest

from app.domain.money import InexactAmount
from app.domain.order_snapshot import Refund
from app.shopify.order_payload import (
    financial_status,
    gid_number,
    moment,
    refund_currency,
    refund_from_payload,
    snapshot_from_payload,
)
from tests.fixtures.webhooks import order_payload


def test_amounts_become_integers_of_the_smallest_unit():
    line = {
        "id": 3,
        "product_id": 8,
        "title": "Tea",
        "quantity": 3,
        "current_quantity": 2,
        "price": "12.34",
        "discount_allocations": [{"amount": "1.00"}, {"amount": "0.50"}],
        "tax_lines": [{"price": "2.58"}],
        "gift_card": False,
    }

    [read] = snapshot_from_payload(order_payload(line_items=[line])).lines

    assert (read.quantity, read.current_quantity) == (3, 2)
    assert (read.gross_minor, read.discount_minor, read.tax_minor) == (3702, 150, 258)


@pytest.mark.parametrize(
    ("currency", "price", "minor"), [("JPY", "980", 980), ("KWD", "1.234", 1234)]
)
def test_currencies_with_other_decimals_are_exact(currency, price, minor):
    snapshot = snapshot_from_payload(order_payload(total=price, currency=currency))

    assert snapshot.lines[0].gross_minor == minor


def test_an_amount_with_too_many_decimals_is_refused():
    with pytest.raises(InexactAmount):
        snapshot_from_payload(order_payload(total="1.005"))


def test_times_are_utc():
    assert moment("2026-11-20T16:09:54-05:00") == datetime(2026, 11, 20, 21, 9, 54, tzinfo=UTC)
    assert moment("2026-11-20T16:09:54Z").tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        moment("2026-11-20T16:09:54")


@pytest.mark.parametrize(
    ("told", "minor"), [("12.34", 1_234), ("0.00", 0), ("-5.00", 0), (None, 0)]
)
def test_what_is_still_to_be_paid_is_told_and_what_is_to_be_given_back_is_not(told, minor):
    snapshot = snapshot_from_payload(order_payload(total_outstanding=told))

    assert snapshot.outstanding_minor == minor


def test_shipping_that_was_removed_does_not_count():
    shipping = [
        {"price": "9.00", "discounted_price": "5.00", "tax_lines": [{"price": "0.40"}]},
        {"price": "7.00", "discounted_price": "7.00", "is_removed": True, "tax_lines": []},
    ]

    snapshot = snapshot_from_payload(order_payload(shipping_lines=shipping))

    assert (snapshot.shipping_minor, snapshot.shipping_tax_minor) == (500, 40)


def test_an_order_without_a_customer_waits_for_one():
    assert snapshot_from_payload(order_payload(customer=None)).customer_id is None


def test_a_line_that_was_never_changed_is_as_ordered():
    line = {"id": 1, "quantity": 4, "price": "1.00"}

    [read] = snapshot_from_payload(order_payload(line_items=[line])).lines

    assert read.current_quantity == 4
    assert read.product_id is None


def test_codes_and_state_are_told():
    snapshot = snapshot_from_payload(
        order_payload(
            discount_codes=[{"code": "RG-1", "amount": "5.00", "type": "fixed_amount"}],
            fulfillment_status="fulfilled",
            cancelled_at="2026-01-11T00:00:00Z",
            test=True,
            taxes_included=True,
        )
    )

    assert snapshot.discount_codes == ("RG-1",)
    assert (snapshot.fulfilled, snapshot.test, snapshot.taxes_included) == (True, True, True)
    assert snapshot.cancelled_at == datetime(2026, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("paid", "paid"),
        ("PARTIALLY_REFUNDED", "partially_refunded"),
        (None, "pending"),
        ("new", "unknown"),
    ],
)
def test_financial_status_is_in_the_words_of_the_rules(told, status):
    assert financial_status(told) == status


def in_two_currencies(shop, presentment):
    return {
        "shop_money": {"amount": shop, "currency_code": "USD"},
        "presentment_money": {"amount": presentment, "currency_code": "THB"},
    }


def test_a_refund_tells_lines_amounts_and_shipping_in_the_shops_money():
    payload = {
        "id": 9,
        "created_at": "2026-01-12T00:00:00Z",
        "refund_line_items": [{"line_item_id": 3, "quantity": 2, "subtotal": "20.00"}],
        "order_adjustments": [
            {
                "kind": "refund_discrepancy",
                "amount": "-350.00",
                "tax_amount": "-28.00",
                "amount_set": in_two_currencies("-10.00", "-350.00"),
                "tax_amount_set": in_two_currencies("-0.80", "-28.00"),
            },
        ],
        "refund_shipping_lines": [
            {
                "subtotal_amount_set": {"shop_money": {"amount": "5.00", "currency_code": "USD"}},
                "tax_amount_set": {"shop_money": {"amount": "0.40", "currency_code": "USD"}},
            }
        ],
    }

    refund = refund_from_payload(payload, "USD")

    assert refund_currency(payload) == "USD"
    assert refund == Refund(
        refund_id=9,
        created_at=datetime(2026, 1, 12, tzinfo=UTC),
        line_quantities=((3, 2),),
        amount_minor=1080,
        shipping_minor=540,
    )


def test_goods_sent_back_for_less_than_their_price_are_an_amount_below_zero():
    payload = {
        "id": 9,
        "created_at": "2026-01-12T00:00:00Z",
        "order_adjustments": [{"kind": "refund_discrepancy", "amount": "3.00"}],
    }

    assert refund_from_payload(payload, "USD").amount_minor == -300


def test_a_payout_that_arrived_late_cancels_out():
    payload = {
        "id": 9,
        "created_at": "2026-01-12T00:00:00Z",
        "order_adjustments": [
            {"kind": "refund_discrepancy", "reason": "Refund discrepancy", "amount": "71.39"},
            {
                "kind": "refund_discrepancy",
                "reason": "Pending refund discrepancy",
                "amount": "-71.39",
            },
        ],
    }

    assert refund_from_payload(payload, "USD").amount_minor == 0


def test_a_refund_of_shipping_only_names_its_currency():
    line = {"subtotal_amount_set": {"shop_money": {"amount": "500", "currency_code": "JPY"}}}
    payload = {"id": 9, "created_at": "2026-01-12T00:00:00Z", "refund_shipping_lines": [line]}

    assert refund_currency(payload) == "JPY"
    assert refund_from_payload(payload, "JPY").shipping_minor == 500


def test_global_ids_end_in_their_number():
    assert gid_number("gid://shopify/Order/450789469") == 450789469
    assert gid_number("gid://shopify/Order/450789469?x=1") == 450789469


DUTY = {"amount": "2.50", "currency_code": "USD"}


@pytest.mark.parametrize("duty", [{"shop_money": DUTY}, {"price_set": {"shop_money": DUTY}}])
def test_duties_are_taken_out_of_prices_that_include_them(duty):
    line = {"id": 1, "quantity": 1, "price": "20.00", "duties": [duty]}

    [included] = snapshot_from_payload(order_payload(line_items=[line], duties_included=True)).lines
    [extra] = snapshot_from_payload(order_payload(line_items=[line])).lines

    assert (included.duty_minor, extra.duty_minor) == (250, 0)
