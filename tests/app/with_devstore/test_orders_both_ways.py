"""Webhook JSON and GraphQL give the same snapshot of an order, whatever happened to it."""

import json
from datetime import timedelta
from functools import partial

import pytest

from app.clock import utc_now
from app.domain.reward import DiscountRequest
from app.flows.shop_access import run_for_shop
from app.shopify.discounts import CodeOrder, create_code
from app.shopify.order_payload import snapshot_from_payload
from app.shopify.orders import changed_orders, fetch_orders
from devstore.store import CartLine
from devstore.store.order_money import STORE_CREDIT
from devstore.store.placement import Shipping
from devstore.store.refunding import Payout
from devstore.store.terms import Terms

POST = Shipping("Post", 4_000)

PLACES = (
    {},
    {"tax_bp": 700},
    {"tax_bp": 700, "taxes_included": False},
    {"currency": "JPY", "tax_bp": 1000},
    {"currency": "KWD", "tax_bp": 500},
)


@pytest.fixture(params=PLACES, ids=lambda place: place.get("currency", "THB"))
def running(start_store, request):
    return start_store(**request.param)


@pytest.fixture
def run(parts, opened):
    return partial(run_for_shop, parts, opened.shop_id)


def bought(running, customer, lines=2, quantity=3, **more):
    variants = [product.variants[0].id for product in running.store.products.all()]
    cart = [CartLine(variant, quantity) for variant in variants[:lines]]
    buyer_id = customer.id if customer else None
    return running.store.orders.place(buyer_id, cart, **more)


def paid(running, customer):
    return bought(running, customer)


def unpaid(running, customer):
    return bought(running, customer, mark_paid=False)


def of_a_guest(running, customer):
    return bought(running, None)


def a_test(running, customer):
    return bought(running, customer, test=True)


def with_everything(running, customer):
    return bought(running, customer, lines=99, quantity=1)


def fulfilled(running, customer):
    return running.store.orders.fulfil(bought(running, customer).id)


def partly_refunded(running, customer):
    order = bought(running, customer)
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)])
    running.store.orders.refund(order.id, [(order.lines[1].id, 2), (order.lines[0].id, 1)])
    return running.store.orders.require(order.id)


def refunded_many_times(running, customer):
    order = bought(running, customer, lines=6, quantity=2)
    for line in order.lines:
        running.store.orders.refund(order.id, [(line.id, 1)])
    running.store.orders.refund(order.id, [(line.id, 1) for line in order.lines])
    return running.store.orders.require(order.id)


def refunded_an_amount(running, customer):
    order = bought(running, customer)
    running.store.orders.refund(order.id, amount_minor=500)
    return running.store.orders.require(order.id)


def refunded_less_than_its_lines(running, customer):
    order = bought(running, customer)
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)], amount_minor=100)
    return running.store.orders.require(order.id)


def refunded_whole(running, customer):
    order = bought(running, customer)
    running.store.orders.refund_rest(order.id)
    return running.store.orders.require(order.id)


def edited(running, customer):
    order = bought(running, customer)
    variant = running.store.products.all()[3].variants[0]
    return running.store.orders.edit(
        order.id, {order.lines[0].id: 1, order.lines[1].id: 0}, [CartLine(variant.id, 2)]
    )


def with_shipping(running, customer):
    return bought(running, customer, shipping=Shipping("Post", 4_000))


def refunded_with_its_shipping(running, customer):
    order = bought(running, customer, shipping=Shipping("Post", 4_000))
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)], shipping_minor=4_000)
    return running.store.orders.require(order.id)


def with_codes(running, customer):
    return bought(running, customer, discount_codes=["RG-TEN"], shipping=Shipping("Post", 4_000))


def cancelled(running, customer):
    return running.store.orders.cancel(bought(running, customer).id)


def partly_paid(running, customer):
    order = bought(running, customer, mark_paid=False)
    return running.store.orders.pay_part(order.id, 100)


def authorised(running, customer):
    return bought(running, customer, terms=Terms(authorize=True))


def captured(running, customer):
    return running.store.orders.capture(authorised(running, customer).id)


def voided(running, customer):
    return running.store.orders.void(authorised(running, customer).id)


def paid_by_gift_card(running, customer):
    return bought(running, customer, terms=Terms(gift_card_minor=100))


def in_another_currency(running, customer):
    order = bought(
        running, customer, shipping=POST, terms=Terms(presentment_currency="EUR", tip_minor=300)
    )
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)], shipping_minor=1_000)
    running.store.orders.refund(order.id, amount_minor=500)
    return running.store.orders.require(order.id)


def with_duties(running, customer):
    order = bought(running, customer, terms=Terms(duty_bp=1_234))
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)])
    return running.store.orders.require(order.id)


def with_a_tip(running, customer):
    return bought(running, customer, terms=Terms(tip_minor=500))


def with_a_tip_given_back(running, customer):
    order = with_a_tip(running, customer)
    running.store.orders.refund(order.id, [(order.lines[-1].id, 1), (order.lines[0].id, 3)])
    return running.store.orders.require(order.id)


def at_the_till(running, customer):
    return bought(running, None, terms=Terms(in_person=True))


def archived(running, customer):
    return running.store.orders.archive(bought(running, customer).id)


def refunded_to_store_credit(running, customer):
    order = bought(running, customer)
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)], gateway=STORE_CREDIT)
    return running.store.orders.require(order.id)


def with_a_payout_on_its_way(running, customer):
    order = bought(running, customer)
    running.store.orders.refund(order.id, [(order.lines[0].id, 1)], pending=True)
    return running.store.orders.require(order.id)


def with_a_payout_that_arrived_late(running, customer):
    order = with_a_payout_on_its_way(running, customer)
    return running.store.orders.settle_refund(order.id, order.refunds[0].id)


def sent_back_and_not_paid_out(running, customer):
    order = bought(running, customer)
    return running.store.orders.take_back(order.id, [(order.lines[0].id, 2)], payout=Payout(0))


def exchanged(running, customer):
    order = bought(running, customer)
    variant = running.store.products.all()[4].variants[0]
    return running.store.orders.take_back(
        order.id, [(order.lines[0].id, 2)], [CartLine(variant.id, 3)]
    )


def edited_after_a_refund(running, customer):
    order = partly_refunded(running, customer)
    variant = running.store.products.all()[3].variants[0]
    return running.store.orders.edit(order.id, add=[CartLine(variant.id, 2)])


def moved(running, customer):
    order = bought(running, customer)
    other = running.store.customers.create(first_name="Anan")
    return running.store.orders.move(order.id, other.id)


CASES = (
    paid,
    unpaid,
    of_a_guest,
    a_test,
    with_everything,
    fulfilled,
    partly_refunded,
    refunded_many_times,
    refunded_an_amount,
    refunded_less_than_its_lines,
    refunded_whole,
    edited,
    with_shipping,
    refunded_with_its_shipping,
    with_codes,
    cancelled,
    partly_paid,
    authorised,
    captured,
    voided,
    paid_by_gift_card,
    in_another_currency,
    with_duties,
    with_a_tip,
    with_a_tip_given_back,
    at_the_till,
    archived,
    refunded_to_store_credit,
    with_a_payout_on_its_way,
    with_a_payout_that_arrived_late,
    sent_back_and_not_paid_out,
    exchanged,
    edited_after_a_refund,
    moved,
)


@pytest.fixture
def code(running, customer, run):
    now = utc_now()
    order = CodeOrder(
        code="RG-TEN",
        title="Ten per cent",
        customer_id=customer.id,
        currency=running.store.shop.currency,
        created_at=now,
        ends_at=now + timedelta(days=1),
        discount=DiscountRequest(kind="percentage", percentage_bp=1_000),
    )
    return create_code(run, order)


@pytest.mark.usefixtures("code")
def test_every_order_reads_the_same_both_ways(running, customer, run):
    orders = {case.__name__: case(running, customer) for case in CASES}

    fetched = fetch_orders(run, [order.id for order in orders.values()])

    told = {
        name: snapshot_from_payload(json.loads(running.body("orders/updated", order)))
        for name, order in orders.items()
    }
    assert dict(zip(orders, fetched, strict=True)) == told
    assert told["with_codes"].lines[0].discount_minor > 0
    assert told["refunded_with_its_shipping"].refunds[0].shipping_minor > 0
    assert told["refunded_an_amount"].refunds[0].amount_minor == 500
    assert told["with_a_tip"].lines[-1].tip
    assert told["in_another_currency"].currency == running.store.shop.currency
    assert told["with_a_payout_on_its_way"].refunds[0].amount_minor < 0
    assert told["edited_after_a_refund"].outstanding_minor > 0
    assert told["with_a_payout_that_arrived_late"].refunds[0].amount_minor == 0


def test_changes_are_listed_from_a_moment_on(running, customer, run):
    order = bought(running, customer)

    changes = list(changed_orders(run, None, order.updated_at))
    later = list(changed_orders(run, order.updated_at, order.updated_at))

    assert [change.order_id for change in changes] == [order.id]
    assert later == changes
