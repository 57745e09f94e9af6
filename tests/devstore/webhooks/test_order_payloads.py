"""What payloads tell of orders that are out of the ordinary, field by field as Shopify does."""

import json

import pytest

from devstore.store import CartLine, Shipping
from devstore.store.order_money import STORE_CREDIT
from devstore.store.terms import Terms
from devstore.webhooks.bodies import Bodies


@pytest.fixture
def dollars(start_store):
    """A store in US dollars: tea at $4.80."""
    return start_store(currency="USD")


def told(running, order):
    store = running.store
    bodies = Bodies(store.shop, store.customers.get, store.orders)
    return json.loads(bodies("orders/updated", store.orders.require(order.id)))


def money(shop, charged, currency="THB"):
    return {
        "shop_money": {"amount": shop, "currency_code": "USD"},
        "presentment_money": {"amount": charged, "currency_code": currency},
    }


def test_another_currency_stands_in_the_sets_and_in_transactions_only(dollars):
    order = dollars.order(quantity=10, terms=Terms(presentment_currency="THB"))
    dollars.store.orders.refund(order.id, amount_minor=480)

    payload = told(dollars, order)

    assert (payload["currency"], payload["presentment_currency"]) == ("USD", "THB")
    assert payload["total_price"] == "48.00"
    assert payload["total_price_set"] == money("48.00", "1200.00")
    assert payload["line_items"][0]["price"] == "4.80"
    [refund] = payload["refunds"]
    assert refund["order_adjustments"][0]["amount"] == "-4.80"
    assert refund["order_adjustments"][0]["amount_set"] == money("-4.80", "-120.00")
    assert refund["transactions"][0]["amount"] == "120.00"
    assert refund["transactions"][0]["currency"] == "THB"


def test_an_order_in_the_shops_currency_says_it_twice(dollars):
    payload = told(dollars, dollars.order())

    assert payload["presentment_currency"] == "USD"
    assert payload["total_price_set"] == money("9.60", "9.60", "USD")


def test_a_tip_is_a_line_that_only_tips_fields_mark(dollars):
    payload = told(dollars, dollars.order(terms=Terms(tip_minor=300)))

    goods, tip = payload["line_items"]
    assert "tip_payment_gateway" not in goods
    assert tip["tip_payment_gateway"] is None
    assert (tip["product_id"], tip["title"], tip["price"]) == (None, "Tip", "3.00")
    assert (payload["subtotal_price"], payload["total_price"]) == ("9.60", "12.60")
    assert payload["total_tip_received"] == "3.00"


def test_duties_stand_on_their_lines_and_go_back_with_them(dollars):
    order = dollars.order(terms=Terms(duty_bp=1_000))
    dollars.store.orders.refund(order.id, [(order.lines[0].id, 1)])

    payload = told(dollars, order)

    [duty] = payload["line_items"][0]["duties"]
    assert duty["shop_money"] == {"amount": "0.96", "currency_code": "USD"}
    assert payload["original_total_duties_set"]["shop_money"]["amount"] == "0.96"
    assert payload["current_total_duties_set"]["shop_money"]["amount"] == "0.48"
    assert payload["refunds"][0]["duties"] == [
        {"duty_id": duty["id"], "amount_set": money("0.48", "0.48", "USD")}
    ]


def test_an_order_without_duties_has_no_duties(dollars):
    assert told(dollars, dollars.order())["current_total_duties_set"] is None


def test_shipping_given_back_stands_in_its_own_lines(dollars):
    order = dollars.order(shipping=Shipping("Post", 500))
    dollars.store.orders.refund(order.id, shipping_minor=300)

    payload = told(dollars, order)

    [refund] = payload["refunds"]
    [line] = refund["refund_shipping_lines"]
    assert line["shipping_line_id"] == payload["shipping_lines"][0]["id"]
    assert line["subtotal_amount_set"]["shop_money"]["amount"] == "3.00"
    assert refund["order_adjustments"] == []
    assert payload["current_shipping_price_set"]["shop_money"]["amount"] == "2.00"


def test_a_payout_on_its_way_is_a_discrepancy_until_it_arrives(dollars):
    order = dollars.order()
    refund = dollars.store.orders.refund(order.id, [(order.lines[0].id, 1)], pending=True)

    [pending] = told(dollars, order)["refunds"]
    dollars.store.orders.settle_refund(order.id, refund.id)
    [settled] = told(dollars, order)["refunds"]

    assert pending["transactions"][0]["status"] == "pending"
    assert [each["amount"] for each in pending["order_adjustments"]] == ["4.80"]
    assert settled["transactions"][0]["status"] == "success"
    assert [(each["reason"], each["amount"]) for each in settled["order_adjustments"]] == [
        ("Refund discrepancy", "4.80"),
        ("Pending refund discrepancy", "-4.80"),
    ]


def test_store_credit_is_a_gateway(dollars):
    order = dollars.order()
    dollars.store.orders.refund(order.id, amount_minor=100, gateway=STORE_CREDIT)

    assert told(dollars, order)["refunds"][0]["transactions"][0]["gateway"] == STORE_CREDIT


def test_an_exchange_names_its_return(dollars):
    order = dollars.order()
    tea = dollars.store.products.all()[1].variants[0]
    dollars.store.orders.take_back(order.id, [(order.lines[0].id, 1)], [CartLine(tea.id, 1)])

    payload = told(dollars, order)

    assert payload["refunds"][0]["return"] == {"id": payload["returns"][0]["id"]}
    assert [line["current_quantity"] for line in payload["line_items"]] == [1, 1]


def test_an_order_at_the_till_has_a_place_and_no_browser(dollars):
    payload = told(dollars, dollars.order(terms=Terms(in_person=True)))

    assert (payload["source_name"], payload["fulfillment_status"]) == ("pos", "fulfilled")
    assert payload["location_id"] is not None
    assert (payload["browser_ip"], payload["cart_token"], payload["customer"]) == (None, None, None)


def test_an_archived_order_says_since_when(dollars):
    order = dollars.order()
    dollars.store.orders.archive(order.id)

    assert told(dollars, order)["closed_at"] is not None
