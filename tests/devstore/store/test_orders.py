"""Orders are paid, refunded, edited and cancelled to the last unit."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devstore.store import (
    CartLine,
    CodesRefused,
    CustomerHasOrders,
    OrderClosed,
    RefundTooLarge,
    Shipping,
)
from devstore.store.money import from_decimal, share, to_decimal_string
from devstore.store.order_line import OrderLine


@pytest.fixture
def store(start_store):
    return start_store().store


def place(store, quantities=(2, 1), **more):
    products = store.products.all()
    lines = [CartLine(products[n].variants[0].id, q) for n, q in enumerate(quantities)]
    return store.orders.place(more.pop("customer_id", None), lines, **more)


def test_parts_of_a_line_refunded_one_by_one_sum_to_the_whole(start_store):
    store = start_store(tax_bp=700).store
    order = place(store, (3,), shipping=Shipping("Standard", 4000))
    line = order.lines[0]

    refunds = [store.orders.refund(order.id, [(line.id, 1)]) for _ in range(3)]

    assert sum(refund.amount_minor for refund in refunds) == line.discounted_minor
    after = store.orders.get(order.id)
    assert (after.current_subtotal_minor, after.financial_status) == (0, "partially_refunded")
    store.orders.refund_rest(order.id)
    assert store.orders.get(order.id).financial_status == "refunded"


def test_more_than_is_left_cannot_be_refunded(store):
    order = place(store)

    with pytest.raises(RefundTooLarge):
        store.orders.refund(order.id, [(order.lines[0].id, 3)])
    with pytest.raises(RefundTooLarge):
        store.orders.refund(order.id, amount_minor=order.total_minor + 1)
    assert store.orders.get(order.id) == order


def test_an_amount_without_lines_is_an_adjustment(store):
    order = place(store)

    refund = store.orders.refund(order.id, amount_minor=1000)

    after = store.orders.get(order.id)
    assert (refund.lines, refund.adjustment_minor) == ((), 1000)
    assert after.current_subtotal_minor == order.current_subtotal_minor
    assert (after.financial_status, after.outstanding_minor) == ("partially_refunded", 0)


def test_tax_on_top_is_refunded_with_its_line(start_store):
    store = start_store(tax_bp=1000, taxes_included=False).store
    order = place(store, (1,))

    refund = store.orders.refund(order.id, [(order.lines[0].id, 1)])

    assert order.total_minor == 12000 + 1200
    assert refund.amount_minor == order.total_minor


def test_an_edit_that_adds_leaves_something_to_pay(store):
    order = place(store, (2,))
    variant = store.products.all()[1].variants[0]

    edited = store.orders.edit(order.id, {order.lines[0].id: 3}, [CartLine(variant.id, 1)])

    assert edited.outstanding_minor == 12000 + variant.price_minor
    assert edited.financial_status == "partially_paid"
    assert store.orders.pay(order.id).financial_status == "paid"


def test_an_edit_that_removes_keeps_the_original_quantity(store):
    order = place(store, (3,))

    line = store.orders.edit(order.id, {order.lines[0].id: 1}).lines[0]

    assert (line.quantity, line.current_quantity) == (3, 1)


def test_a_cancelled_order_is_refunded_and_closed(store):
    order = place(store, shipping=Shipping("Standard", 4000))

    cancelled = store.orders.cancel(order.id)

    assert cancelled.cancelled_at is not None
    assert (cancelled.financial_status, cancelled.refunded_minor) == ("refunded", order.total_minor)
    with pytest.raises(OrderClosed):
        store.orders.cancel(order.id)


def test_an_unpaid_order_is_pending_and_voided_when_cancelled(store):
    order = place(store, mark_paid=False)

    assert order.financial_status == "pending"
    assert store.orders.cancel(order.id).financial_status == "voided"


def test_a_guest_is_found_again_by_email(store):
    first = place(store, email="Guest@Example.com")
    second = place(store, email="guest@example.com")

    assert first.customer_id == second.customer_id
    assert store.customers.get(first.customer_id).state == "disabled"


def test_a_refused_code_places_no_order(store):
    with pytest.raises(CodesRefused) as refused:
        place(store, discount_codes=["NOPE"])

    assert refused.value.refusals[0].reason == "unknown"
    assert store.orders.count() == 0


def test_a_customer_with_orders_cannot_be_deleted(store):
    customer = store.customers.create(first_name="Mali")
    place(store, customer_id=customer.id)

    with pytest.raises(CustomerHasOrders):
        store.customers.delete(customer.id)


def test_many_threads_place_orders_with_numbers_of_their_own(store):
    threads = [threading.Thread(target=lambda: [place(store) for _ in range(5)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = [order.number for order in store.orders.all(limit=100)]
    assert sorted(numbers) == list(range(1001, 1031))


def test_the_store_is_as_it_was_when_it_is_opened_again(start_store, tmp_path):
    running = start_store()
    customer = running.store.customers.create(first_name="มะลิ", email="mali@example.com")
    order = place(running.store, customer_id=customer.id, shipping=Shipping("Standard", 4000))
    running.store.clock.advance(86400)

    from devstore.store import open_store

    again = open_store(running.services.settings)

    assert again.orders.get(order.id) == order
    assert again.customers.search("มะลิ") == [customer]
    assert again.clock.offset_seconds() == 86400
    again.close()


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_shares_sum_to_the_whole(amount, weights):
    parts = share(amount, weights)

    assert sum(parts) == (amount if any(weights) else 0)
    assert all(part >= 0 for part in parts)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["THB", "JPY", "KWD"]))
def test_decimal_strings_read_back(amount, currency):
    assert from_decimal(to_decimal_string(amount, currency), currency) == amount


@settings(max_examples=50)
@given(st.integers(0, 10**7), st.integers(1, 20))
def test_units_of_a_line_sum_to_the_line(discounted, quantity):
    line = OrderLine(1, None, None, "Tea", None, None, quantity, quantity, 0)

    steps = [
        line.part(discounted, n) - line.part(discounted, n - 1) for n in range(1, quantity + 1)
    ]

    assert sum(steps) == discounted
    assert min(steps) >= 0
