"""Refunds that come while what an edit added is not paid, in any order, told by webhook or fetched.

A shop in US dollars, a point a dollar: ten packets of tea at $4.80 and five at $4.00 are $68. An
edit adds five at $7.20: $36.
"""

from itertools import permutations

import pytest

from app.flows.read_history import read_history
from app.flows.reconcile import reconcile_shop
from app.services.verify_ledger import verify_ledger
from devstore.store import CartLine


@pytest.fixture
def order(town, mali):
    """An order of $68 that was told as paid."""
    placed = town.buy(mali, 10, 5)
    town.tell()
    return placed


@pytest.fixture
def silent(shop):
    """A shop whose webhooks are lost unless they are told; its past has been read."""
    town = shop()
    for _ in range(10):
        read_history(town.parts, town.tenant.shop_id, budget_s=10)
        town.later(minutes=5)
    return town


def add_five(town, order):
    town.store.orders.edit(order.id, add=[CartLine(town.variant(2), 5)])


def send_first_back(town, order):
    town.store.orders.refund(order.id, [(order.lines[0].id, 10)])


def pay(town, order):
    if town.order(order).outstanding_minor:
        town.store.orders.pay(order.id)


ORDERS_OF_EVENTS = [
    pytest.param(steps, id=", ".join(step.__name__ for step in steps))
    for steps in permutations((add_five, send_first_back, pay))
]


def compare(town):
    """Let everything that happened go untold, and find it by comparing."""
    town.lose()
    reconcile_shop(town.parts, town.tenant.shop_id)


def worth(town, order):
    """Return (points, spend in cents) of an order, which is proved."""
    with town.parts.database.tenant(town.tenant) as session:
        assert not verify_ledger(
            session,
            program_id=town.tenant.program_id,
            ledger_key=town.parts.settings.ledger_key,
        )
    return town.points(order), town.spend(order)


def test_goods_that_were_paid_for_and_come_back_earn_no_more(town, order):
    add_five(town, order)
    town.tell()
    send_first_back(town, order)
    town.tell_the_rest()

    # $20 are kept and paid for; what the edit added is not.
    assert town.order(order).outstanding_minor == 3_600
    assert worth(town, order) == (20, 2_000)
    assert town.receipt(order)[-1] == ("unpaid_part", -3_600, 0)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    assert worth(town, order) == (56, 5_600)


def test_nothing_is_left_when_all_that_was_paid_for_comes_back(town, order):
    add_five(town, order)
    town.tell()
    town.store.orders.refund(order.id, [(line.id, line.quantity) for line in order.lines])
    town.tell_the_rest()

    assert worth(town, order) == (0, 0)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    assert worth(town, order) == (36, 3_600)


def test_an_amount_given_back_takes_its_share_of_what_was_paid(town, order):
    add_five(town, order)
    town.tell()
    town.store.orders.refund(order.id, amount_minor=1_700)
    town.tell_the_rest()

    # Of what was paid all $17 are gone.
    assert worth(town, order) == (51, 5_100)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    # 17 in 104 parts of each line are gone, each rounded down.
    assert worth(town, order) == (86, 8_699)


def test_a_piece_exchanged_for_a_dearer_one_stands_for_what_it_was(town, order):
    town.store.orders.take_back(order.id, [(order.lines[1].id, 5)], [CartLine(town.variant(2), 5)])
    town.tell()
    town.store.orders.refund(order.id, [(order.lines[0].id, 5)])
    town.tell_the_rest()

    # $24 of tea and $36 are kept; $16 of it are still to be paid.
    assert town.order(order).outstanding_minor == 1_600
    assert worth(town, order) == (44, 4_400)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    assert worth(town, order) == (60, 6_000)


@pytest.mark.parametrize("steps", ORDERS_OF_EVENTS)
def test_edit_refund_and_payment_end_alike_in_any_order(town, order, steps):
    for step in steps:
        step(town, order)
        town.tell()
    town.tell_the_rest()

    paid = not town.order(order).outstanding_minor
    assert worth(town, order) == ((56, 5_600) if paid else (20, 2_000))


@pytest.mark.parametrize("steps", ORDERS_OF_EVENTS)
def test_what_was_not_told_since_the_payment_is_found_out(silent, steps):
    order = silent.buy(silent.customer(), 10, 5)
    silent.tell()
    for step in steps:
        step(silent, order)
        compare(silent)

    paid = not silent.order(order).outstanding_minor
    assert worth(silent, order) == ((56, 5_600) if paid else (20, 2_000))


@pytest.mark.parametrize("steps", ORDERS_OF_EVENTS)
def test_an_order_that_is_first_heard_of_after_it_all_is_worth_what_was_paid(silent, steps):
    order = silent.buy(silent.customer(), 10, 5)
    for step in steps:
        step(silent, order)
        silent.later(minutes=1)
    compare(silent)

    paid = not silent.order(order).outstanding_minor
    assert worth(silent, order) == ((56, 5_600) if paid else (20, 2_000))


def test_an_order_that_was_never_paid_in_full_earns_nothing_when_it_is_found(silent):
    order = silent.buy(silent.customer(), 10, 5, mark_paid=False)
    silent.store.orders.pay_part(order.id, 2_000)
    compare(silent)

    assert silent.order(order).financial_status == "partially_paid"
    assert worth(silent, order) == (None, 0)
