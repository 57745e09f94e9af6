"""Orders whose webhooks were all lost, found by comparing with the Admin API.

A shop in US dollars, a point a dollar: ten packets of tea at $4.80 and five at $4.00 are $68.
"""

import pytest

from app.flows.find_deleted_orders import find_deleted_orders
from app.flows.read_history import read_history
from app.flows.reconcile import reconcile_shop
from app.services.verify_ledger import verify_ledger
from devstore.store import CartLine, Shipping
from devstore.store.order_money import STORE_CREDIT
from devstore.store.refunding import Payout
from devstore.store.terms import Terms


@pytest.fixture
def town(shop):
    """A shop whose past, in which nothing happened, has been read."""
    town = shop()
    for _ in range(10):
        read_history(town.parts, town.tenant.shop_id, budget_s=10)
        town.later(minutes=5)
    return town


@pytest.fixture
def mali(town):
    return town.customer()


def reconcile(town):
    town.lose()
    reconcile_shop(town.parts, town.tenant.shop_id)


def test_orders_in_many_states_earn_as_if_they_had_been_told(town, mali):
    orders = town.store.orders
    expected = {}

    def expect(points, order):
        expected[order.id] = points

    expect(68, town.buy(mali, 10, 5))
    expect(None, town.buy(mali, 10, 5, mark_paid=False))
    expect(None, town.buy(mali, 10, 5, terms=Terms(authorize=True)))
    expect(None, town.buy(mali, 10, 5, test=True))
    expect(None, town.buy(None, 10, 5, terms=Terms(in_person=True)))
    expect(68, town.buy(mali, 10, 5, terms=Terms(tip_minor=900, duty_bp=900)))
    expect(68, town.buy(mali, 10, 5, terms=Terms(presentment_currency="JPY")))
    expect(68, orders.capture(town.buy(mali, 10, 5, terms=Terms(authorize=True)).id))
    expect(68, orders.archive(town.buy(mali, 10, 5).id))
    expect(0, orders.cancel(town.buy(mali, 10, 5).id))

    by_line = town.buy(mali, 10, 5, shipping=Shipping("Post", 500))
    orders.refund(by_line.id, [(by_line.lines[0].id, 10)], shipping_minor=500)
    expect(20, by_line)
    by_amount = town.buy(mali, 10, 5)
    orders.refund(by_amount.id, amount_minor=3_400, gateway=STORE_CREDIT)
    expect(34, by_amount)
    paid_out_later = town.buy(mali, 10, 5)
    orders.take_back(paid_out_later.id, [(paid_out_later.lines[0].id, 5)], payout=Payout(0))
    orders.refund(paid_out_later.id, amount_minor=2_400)
    expect(44, paid_out_later)
    exchanged = town.buy(mali, 10, 5)
    tea = CartLine(town.variant(5), 5)
    orders.take_back(exchanged.id, [(exchanged.lines[1].id, 5)], [tea])
    expect(68, exchanged)
    edited = town.buy(mali, 10, 5)
    orders.edit(edited.id, {edited.lines[1].id: 0})
    expect(48, edited)

    reconcile(town)

    found = {order_id: town.points(orders.require(order_id)) for order_id in expected}
    assert found == expected
    assert town.balances(mali) == (sum(points or 0 for points in expected.values()), 0)


def test_what_is_told_after_all_changes_nothing_more(town, mali):
    order = town.buy(mali, 10, 5)
    town.store.orders.refund(order.id, [(order.lines[0].id, 5)])
    reconcile_shop(town.parts, town.tenant.shop_id)
    assert town.points(order) == 44

    town.tell()

    assert town.points(order) == 44
    assert town.balances(mali) == (44, 0)


def test_an_order_that_found_a_customer_unheard_is_awarded(town, mali):
    order = town.buy(None, 10, 5)
    town.tell()
    town.store.orders.move(order.id, mali.id)

    reconcile(town)

    assert town.points(order) == 68


def test_an_order_deleted_unheard_gives_its_points_back(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.delete(order.id)
    town.lose()

    find_deleted_orders(town.parts, town.tenant.shop_id)

    assert town.points(order) == 0
    assert town.balances(mali) == (0, 0)


def test_the_ledger_is_proved_after_all_of_it(town, mali):
    told = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.refund(told.id, amount_minor=1_700)
    lost = town.buy(mali, 3)
    town.store.orders.refund_rest(lost.id)
    reconcile(town)

    with town.parts.database.tenant(town.tenant) as session:
        found = verify_ledger(
            session,
            program_id=town.tenant.program_id,
            ledger_key=town.parts.settings.ledger_key,
        )
    assert found == []
    assert town.balances(mali) == (51, 0)
