"""Orders in every state: payments, returns, exchanges, duties, tips and other currencies add up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devstore.store import CartLine, Discount, OrderClosed, RefundTooLarge, Shipping
from devstore.store.money import converted
from devstore.store.order_money import GIFT_CARD, STORE_CREDIT
from devstore.store.paying import WrongAmount
from devstore.store.refunding import Payout
from devstore.store.terms import Terms, exchange_rate


@pytest.fixture
def store(start_store):
    return start_store().store


def place(store, quantities=(2, 1), **more):
    products = store.products.all()
    lines = [CartLine(products[n].variants[0].id, q) for n, q in enumerate(quantities)]
    return store.orders.place(more.pop("customer_id", None), lines, **more)


def test_an_authorised_order_is_paid_when_it_is_captured(store):
    order = place(store, terms=Terms(authorize=True))
    assert (order.financial_status, order.paid_minor) == ("authorized", 0)

    with pytest.raises(WrongAmount):
        store.orders.capture(order.id, order.total_minor + 1)

    store.orders.capture(order.id, 10_000)
    assert store.orders.get(order.id).financial_status == "partially_paid"
    assert store.orders.capture(order.id).financial_status == "paid"


def test_cancelling_lets_go_of_what_was_authorised(store):
    order = place(store, terms=Terms(authorize=True))

    cancelled = store.orders.cancel(order.id)

    assert (cancelled.authorized_minor, cancelled.financial_status) == (0, "voided")


def test_no_more_than_is_outstanding_can_be_paid(store):
    order = place(store, mark_paid=False)

    with pytest.raises(WrongAmount):
        store.orders.pay_part(order.id, order.total_minor + 1)

    assert store.orders.pay_part(order.id, order.total_minor).financial_status == "paid"


def test_a_gift_card_pays_as_far_as_it_goes(store):
    order = place(store, terms=Terms(gift_card_minor=10**9))

    assert [(each.gateway, each.amount_minor) for each in order.transactions] == [
        (GIFT_CARD, order.total_minor)
    ]


def test_an_order_for_nothing_is_paid_without_a_payment(store):
    def free(discount_id, now):
        return Discount(
            id=discount_id, code="FREE", title="Free", kind="basic", starts_at=now, ends_at=None,
            created_at=now, updated_at=now, percentage_bp=10_000,
        )  # fmt: skip

    store.discounts.create(free)

    order = place(store, (1,), discount_codes=["FREE"])

    assert (order.total_minor, order.financial_status, order.transactions) == (0, "paid", ())


def test_a_tip_is_paid_but_no_part_of_the_subtotal(store):
    order = place(store, terms=Terms(tip_minor=1_500))

    assert (order.subtotal_minor, order.tip_minor) == (34_000, 1_500)
    assert order.paid_minor == 35_500
    store.orders.refund_rest(order.id)
    assert store.orders.get(order.id).financial_status == "refunded"


def test_duties_come_on_top_and_go_back_with_their_lines(store):
    order = place(store, (3,), terms=Terms(duty_bp=777))

    refunds = [store.orders.refund(order.id, [(order.lines[0].id, 1)]) for _ in range(3)]

    assert order.total_minor == 36_000 + 2_797
    assert sum(refund.amount_minor for refund in refunds) == order.total_minor


def test_a_payout_on_its_way_arrives_and_cancels_out(store):
    order = place(store)
    refund = store.orders.refund(order.id, [(order.lines[0].id, 1)], pending=True)
    assert refund.discrepancies == (("REFUND_DISCREPANCY", 12_000),)

    settled = store.orders.settle_refund(order.id, refund.id).refunds[0]

    assert settled.discrepancies == (
        ("REFUND_DISCREPANCY", 12_000),
        ("PENDING_REFUND_DISCREPANCY", -12_000),
    )


def test_an_exchange_for_the_same_price_moves_no_money(store):
    order = place(store, (2,))
    tea = store.products.all()[0].variants[0]

    after = store.orders.take_back(order.id, [(order.lines[0].id, 1)], [CartLine(tea.id, 1)])

    assert (after.refunded_minor, after.outstanding_minor) == (0, 0)
    assert after.refunds[0].discrepancies == ()
    assert after.returns[0].exchange_line_ids == (after.lines[1].id,)


def test_a_dearer_exchange_leaves_the_difference_to_pay(store):
    order = place(store, (1,))
    oolong = store.products.all()[2].variants[0]

    after = store.orders.take_back(order.id, [(order.lines[0].id, 1)], [CartLine(oolong.id, 1)])

    assert after.outstanding_minor == oolong.price_minor - 12_000
    assert after.financial_status == "partially_paid"


def test_the_rest_of_a_return_goes_where_it_was_asked_to(store):
    order = place(store, (2,))

    store.orders.take_back(order.id, [(order.lines[0].id, 1)], payout=Payout(gateway=STORE_CREDIT))

    payout = store.orders.get(order.id).transactions[-1]
    assert (payout.gateway, payout.amount_minor) == (STORE_CREDIT, 12_000)


def test_a_return_paid_out_later_is_settled_by_an_amount(store):
    order = place(store, (2,))
    store.orders.take_back(order.id, [(order.lines[0].id, 1)], payout=Payout(0))
    assert store.orders.get(order.id).outstanding_minor == 0

    store.orders.refund(order.id, amount_minor=12_000)

    after = store.orders.get(order.id)
    assert sum(refund.adjustment_minor for refund in after.refunds) == 0
    assert after.outstanding_minor == 0


def test_more_than_there_is_cannot_come_back(store):
    order = place(store, (2,))

    with pytest.raises(RefundTooLarge):
        store.orders.take_back(order.id, [(order.lines[0].id, 3)])


def test_a_cancelled_order_takes_nothing_back(store):
    order = place(store)
    store.orders.cancel(order.id)

    with pytest.raises(OrderClosed):
        store.orders.take_back(order.id, [(order.lines[0].id, 1)])


def test_archiving_changes_nothing_but_that(store):
    order = place(store)

    archived = store.orders.archive(order.id)

    assert archived.closed_at is not None
    assert store.orders.reopen(order.id).closed_at is None
    assert archived.financial_status == order.financial_status


def test_an_order_opens_again_as_it_was_stored(start_store):
    running = start_store(tax_bp=700)
    terms = Terms(tip_minor=300, duty_bp=500, presentment_currency="USD", in_person=True)
    order = place(running.store, shipping=Shipping("Post", 4_000), terms=terms)

    assert running.store.orders.get(order.id) == order


def test_a_rate_follows_the_round_units_of_both_currencies():
    assert exchange_rate("THB", "USD") == "0.040000"
    assert exchange_rate("USD", "JPY") == "100.000000"
    assert converted(2_500, "THB", "USD", "0.04") == 100
    assert converted(-2_500, "THB", "JPY", "4") == -100


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 2_000), st.data())
def test_whatever_comes_back_piece_by_piece_sums_to_what_was_paid(store, quantities, duty_bp, data):
    order = place(store, quantities, terms=Terms(duty_bp=duty_bp))
    while units := [line for line in store.orders.get(order.id).lines if line.current_quantity]:
        line = data.draw(st.sampled_from(units))
        back = data.draw(st.integers(1, line.current_quantity))
        store.orders.refund(order.id, [(line.id, back)])

    after = store.orders.get(order.id)
    assert (after.refunded_minor, after.financial_status) == (order.paid_minor, "refunded")
    assert sum(refund.adjustment_minor for refund in after.refunds) == 0
