"""Whose points an order's are: moved orders, guests, the till, merged records and tags.

A shop in US dollars, a point a dollar: ten packets of tea at $4.80 and five at $4.00 are $68.
"""

import pytest

from app.domain.program_rules import ProgramRules
from devstore.store.terms import Terms


@pytest.fixture
def anan(town):
    customer = town.customer("Anan")
    town.tell()
    return customer


def test_an_order_moved_to_another_customer_takes_its_points_along(town, mali, anan):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.move(order.id, anan.id)
    town.tell_the_rest()

    assert town.points(order) == 68
    assert town.balances(mali) == (0, 0)
    assert town.balances(anan) == (68, 0)


def test_an_order_moved_there_and_back_is_where_it_was(town, mali, anan):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.move(order.id, anan.id)
    town.tell()
    town.store.orders.refund(order.id, [(order.lines[1].id, 5)])
    town.tell()
    town.store.orders.move(order.id, mali.id)
    town.tell_the_rest()

    assert town.points(order) == 48
    assert town.balances(mali) == (48, 0)
    assert town.balances(anan) == (0, 0)


def test_an_order_at_the_till_earns_for_its_customer(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(in_person=True))
    town.tell_the_rest()

    assert town.order(order).source_name == "pos"
    assert (town.points(order), town.spend(order)) == (68, 6_800)
    assert town.balances(mali) == (68, 0)


def test_an_order_at_the_till_without_a_customer_waits_for_one(town, mali):
    order = town.buy(None, 10, 5, terms=Terms(in_person=True))
    town.tell_the_rest()
    assert town.points(order) is None

    town.store.orders.move(order.id, mali.id)
    town.tell_the_rest()

    assert town.points(order) == 68
    assert town.balances(mali) == (68, 0)


def test_an_order_refunded_before_it_has_a_customer_earns_what_is_left(town, mali):
    order = town.buy(None, 10, 5)
    town.tell()
    town.store.orders.refund(order.id, [(order.lines[0].id, 10)])
    town.tell()
    town.store.orders.move(order.id, mali.id)
    town.tell_the_rest()

    assert town.points(order) == 20
    assert town.balances(mali) == (20, 0)


def test_an_order_whose_customer_was_taken_off_earns_for_nobody(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.move(order.id, None)
    town.tell_the_rest()

    assert town.points(order) in (None, 0)
    assert town.balances(mali) == (0, 0)


def test_an_order_taken_off_says_so_and_finds_its_next_customer(shop):
    town = shop()
    mali, anan = town.customer("Mali"), town.customer("Anan")
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.move(order.id, None)
    town.tell()
    assert town.receipt(order) == [("no_customer", 0, 0)]

    town.store.orders.refund(order.id, [(order.lines[1].id, 5)])
    town.tell()
    town.store.orders.move(order.id, anan.id)
    town.tell()

    assert town.points(order) == 48
    assert town.balances(mali) == (0, 0)
    assert town.balances(anan) == (48, 0)


def test_a_guests_order_earns_for_the_record_that_shopify_makes(town):
    order = town.buy(None, 10, 5, email="guest@example.com")
    town.tell_the_rest()

    guest = town.store.customers.by_email("guest@example.com")
    assert guest.state == "disabled"
    assert town.points(order) == 68
    assert town.balances(guest) == (68, 0)


def test_a_guest_who_makes_an_account_later_finds_the_points(town):
    town.buy(None, 10, 5, email="guest@example.com")
    town.tell()
    guest = town.store.customers.by_email("guest@example.com")
    town.store.customers.update(guest.id, state="enabled", first_name="Nok")
    town.tell()
    later = town.buy(guest, 0, 5)
    town.tell_the_rest()

    assert town.points(later) == 20
    assert town.balances(guest) == (88, 0)


def test_a_guests_record_merged_into_a_customers_brings_its_points(town, mali):
    town.buy(None, 10, 5, email="guest@example.com")
    town.buy(mali, 0, 5)
    town.tell_the_rest()
    guest = town.store.customers.by_email("guest@example.com")

    town.store.customers.merge(mali.id, guest.id)
    town.tell_the_rest()

    assert town.balances(mali) == (88, 0)


def test_a_deleted_order_of_a_guest_never_claimed_changes_nothing(town, mali):
    order = town.buy(None, 10, 5)
    town.tell()
    town.store.orders.delete(order.id)
    town.tell_the_rest()

    assert town.points(order) is None


def test_customers_told_twice_have_one_member(town, mali):
    town.store.customers.update(mali.id, tags=("vip",))
    town.tell()
    town.buy(mali, 10, 5)
    town.tell_the_rest()

    assert town.balances(mali) == (68, 0)


def test_an_order_handed_over_at_the_till_is_fulfilled(shop, delivery):
    town = shop(delivery, ProgramRules(sign_up_points=0, earn_on="fulfilled"))
    mali = town.customer()
    sent = town.buy(mali, 10, 5)
    at_the_till = town.buy(mali, 10, 5, terms=Terms(in_person=True))
    town.tell_the_rest()
    assert (town.points(sent), town.points(at_the_till)) == (None, 68)

    town.store.orders.fulfil(sent.id)
    town.tell_the_rest()
    assert town.points(sent) == 68
