"""Refunds, returns and exchanges, told by webhook in order, backwards, and twice in any order.

A shop in US dollars, a point a dollar: ten packets of tea at $4.80 and five at $4.00 are $68.
"""

import pytest

from app import clock
from app.db.queries.members import member_of_customer
from app.domain.program_rules import ProgramRules
from app.services.adjust_points import adjust_points
from devstore.store import CartLine, Shipping
from devstore.store.order_money import STORE_CREDIT
from devstore.store.refunding import Payout


@pytest.fixture
def order(town, mali):
    """An order of $68 that was told as paid."""
    placed = town.buy(mali, 10, 5)
    town.tell()
    return placed


def test_units_of_a_line_refunded(town, mali, order):
    town.store.orders.refund(order.id, [(order.lines[0].id, 3)])
    town.tell_the_rest()

    assert town.worth(order) == (53, 5_360)
    assert town.receipt(order) == [("line", 3_360, 33), ("line", 2_000, 20)]
    assert town.balances(mali) == (53, 0)


def test_an_amount_refunded_without_lines_takes_the_same_share_of_each(town, mali, order):
    town.store.orders.refund(order.id, amount_minor=1_700)
    town.tell_the_rest()

    # A quarter of $68.
    assert town.worth(order) == (51, 5_100)
    assert town.receipt(order) == [
        ("line", 3_600, 36),
        ("line", 1_500, 15),
        ("amount_refund", 0, 0),
    ]


def test_shipping_refunded_takes_nothing_where_shipping_never_counted(town, mali):
    order = town.buy(mali, 10, 5, shipping=Shipping("Post", 500))
    town.tell()
    town.store.orders.refund(order.id, shipping_minor=500)
    town.tell_the_rest()

    assert town.order(order).refunded_minor == 500
    assert town.worth(order) == (68, 6_800)


def test_shipping_refunded_earns_no_more_where_it_counted(shop, delivery):
    town = shop(delivery, ProgramRules(sign_up_points=0, include_shipping=True))
    mali = town.customer()
    order = town.buy(mali, 10, 5, shipping=Shipping("Post", 500))
    town.tell()
    if town.at_once:
        assert town.worth(order) == (73, 7_300)
    town.store.orders.refund(order.id, shipping_minor=300)
    town.tell_the_rest()

    assert town.worth(order) == (70, 7_000)
    assert town.receipt(order)[-1] == ("shipping", 200, 2)


def test_several_refunds_sum_to_what_is_left(town, mali, order):
    first, second = order.lines
    town.store.orders.refund(order.id, [(first.id, 2)])
    town.tell()
    town.store.orders.refund(order.id, [(first.id, 3), (second.id, 1)])
    town.tell()
    town.store.orders.refund(order.id, amount_minor=1_000)
    town.tell_the_rest()

    # $24 + $16 are kept, $10 of which were given back: a quarter.
    assert town.worth(order) == (30, 3_000)
    assert town.receipt(order) == [
        ("line", 1_800, 18),
        ("line", 1_200, 12),
        ("amount_refund", 0, 0),
    ]
    assert town.balances(mali) == (30, 0)


def test_everything_refunded_leaves_nothing(town, mali, order):
    town.store.orders.refund(order.id, [(order.lines[0].id, 4)])
    town.tell()
    town.store.orders.refund_rest(order.id)
    town.tell_the_rest()

    assert town.order(order).financial_status == "refunded"
    assert town.worth(order) == (0, 0)
    assert town.balances(mali) == (0, 0)


def test_a_refund_to_store_credit_takes_points_as_any_other(town, mali, order):
    town.store.orders.refund(order.id, [(order.lines[1].id, 5)], gateway=STORE_CREDIT)
    town.tell_the_rest()

    assert town.order(order).transactions[-1].gateway == "shopify_store_credit"
    assert town.worth(order) == (48, 4_800)


def test_an_amount_given_as_store_credit_takes_its_share(town, mali, order):
    town.store.orders.refund(order.id, amount_minor=3_400, gateway=STORE_CREDIT)
    town.tell_the_rest()

    assert town.worth(order) == (34, 3_400)


def test_goods_paid_back_for_less_than_their_price_leave_the_rest_whole(town, mali, order):
    town.store.orders.refund(order.id, [(order.lines[0].id, 10)], amount_minor=4_000)
    town.tell_the_rest()

    assert town.worth(order) == (20, 2_000)


def test_a_payout_that_is_on_its_way_for_days_counts_once(town, mali, order):
    refund = town.store.orders.refund(order.id, [(order.lines[0].id, 5)], pending=True)
    town.tell_the_rest()
    assert town.worth(order) == (44, 4_400)

    town.later(days=3)
    town.store.orders.settle_refund(order.id, refund.id)
    town.tell_the_rest()
    assert town.worth(order) == (44, 4_400)


def test_a_return_paid_out_later_is_taken_off_once(town, mali, order):
    town.store.orders.take_back(order.id, [(order.lines[0].id, 5)], payout=Payout(0))
    town.tell()
    town.store.orders.refund(order.id, amount_minor=2_400)
    town.tell_the_rest()

    assert town.order(order).refunded_minor == 2_400
    assert town.worth(order) == (44, 4_400)
    assert town.receipt(order) == [("line", 2_400, 24), ("line", 2_000, 20)]


def test_a_return_takes_back_what_its_lines_earned(town, mali, order):
    town.store.orders.take_back(order.id, [(order.lines[1].id, 2)])
    town.tell_the_rest()

    assert town.order(order).returns[0].name == "Return"
    assert town.worth(order) == (60, 6_000)


def test_an_even_exchange_leaves_the_points_as_they_are(town, mali, order):
    # Five packets at $4.00 for five of another kind at $4.00.
    town.store.orders.take_back(order.id, [(order.lines[1].id, 5)], [CartLine(town.variant(5), 5)])
    town.tell_the_rest()

    assert town.order(order).refunded_minor == 0
    assert town.order(order).financial_status == "paid"
    assert town.worth(order) == (68, 6_800)
    assert town.receipt(order) == [("line", 4_800, 48), ("removed", 0, 0), ("line", 2_000, 20)]


def test_an_exchange_for_something_cheaper_earns_less(town, mali, order):
    town.store.orders.take_back(order.id, [(order.lines[1].id, 5)], [CartLine(town.variant(3), 1)])
    town.tell_the_rest()

    # $20.00 came back, $3.60 went out.
    assert town.order(order).refunded_minor == 1_640
    assert town.worth(order) == (51, 5_160)


def test_an_exchange_for_something_dearer_earns_more_once_it_is_paid(town, mali, order):
    town.store.orders.take_back(order.id, [(order.lines[1].id, 5)], [CartLine(town.variant(2), 5)])
    town.tell_the_rest()

    # $20.00 came back, $36.00 went out: $16.00 are still to be paid, what was paid stands.
    assert town.order(order).financial_status == "partially_paid"
    assert town.worth(order) == (68, 6_800)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    assert town.worth(order) == (84, 8_400)
    assert town.balances(mali) == (84, 0)


def test_a_line_added_after_a_refund_earns_once_it_is_paid(town, mali, order):
    town.store.orders.refund(order.id, [(order.lines[0].id, 5)])
    town.tell()
    town.store.orders.edit(order.id, add=[CartLine(town.variant(2), 5)])
    town.tell_the_rest()

    # $24.00 came back, $36.00 were added and are not paid; Shopify still says partly refunded.
    assert town.order(order).financial_status == "partially_refunded"
    assert town.worth(order) == (44, 4_400)
    assert town.receipt(order)[-1] == ("unpaid_part", -3_600, 0)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    assert town.worth(order) == (80, 8_000)
    assert town.balances(mali) == (80, 0)


def test_an_amount_given_back_after_an_exchange_takes_its_share(town, mali, order):
    town.store.orders.take_back(order.id, [(order.lines[1].id, 5)], [CartLine(town.variant(5), 5)])
    town.tell()
    town.store.orders.refund(order.id, amount_minor=3_400)
    town.tell_the_rest()

    assert town.worth(order) == (34, 3_400)


def test_points_spent_before_a_refund_are_owed(shop):
    town = shop(rules=ProgramRules(sign_up_points=0, pending_days=0))
    mali = town.customer()
    order = town.buy(mali, 10, 5)
    town.tell()
    assert town.balances(mali) == (0, 68)
    spend_points(town, mali, 60)
    assert town.balances(mali) == (0, 8)

    town.store.orders.refund_rest(order.id)
    town.tell()
    assert town.balances(mali) == (0, -60)

    town.buy(mali, 10, 5)
    town.tell()
    assert town.balances(mali) == (0, 8)


def spend_points(town, customer, points):
    """Take points from a customer as staff do."""
    with town.parts.database.tenant(town.tenant) as session:
        adjust_points(
            session,
            program_id=town.tenant.program_id,
            member_id=member_of_customer(session, town.tenant.shop_id, customer.id),
            points=-points,
            key="spent",
            actor="staff",
            note=None,
            now=clock.utc_now(),
            ledger_key=town.parts.settings.ledger_key,
        )
