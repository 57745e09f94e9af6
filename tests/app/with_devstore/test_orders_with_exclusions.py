"""What the rules exclude, looked up in the development store once and pinned to the order.

A shop in US dollars, a point a dollar: ten packets of jasmine tea at $4.80 and five bars of
lemongrass soap at $3.20 are $64.
"""

import pytest

from app.domain.program_rules import ProgramRules
from devstore.store import CartLine
from devstore.store.collections import COLLECTIONS

TEAS, SOAPS, BESTSELLERS, GIFTS = (collection.id for collection in COLLECTIONS)
JASMINE, SOAP = 0, 6


@pytest.fixture
def open_town(shop, delivery):
    return lambda **rules: shop(delivery, ProgramRules(sign_up_points=0, **rules))


def basket(town):
    return [CartLine(town.variant(JASMINE), 10), CartLine(town.variant(SOAP), 5)]


def end(town):
    """Tell what has not been told yet."""
    town.tell()
    town.tell_all()


def test_a_collection_that_is_excluded_does_not_count(open_town):
    town = open_town(excluded_collection_ids=(SOAPS,))
    order = town.store.orders.place(town.customer().id, basket(town))
    end(town)

    assert (town.points(order), town.spend(order)) == (48, 4_800)
    assert town.receipt(order)[0] == ("line", 4_800, 48)
    assert town.receipt(order)[1][1:] == (0, 0)


def test_a_product_tag_that_is_excluded_does_not_count(open_town):
    town = open_town(excluded_product_tags=("Green",))
    order = town.store.orders.place(town.customer().id, basket(town))
    end(town)

    assert (town.points(order), town.spend(order)) == (16, 1_600)


def test_what_was_excluded_stays_so_when_the_tags_change(open_town):
    town = open_town(excluded_product_tags=("green",))
    mali = town.customer()
    order = town.store.orders.place(mali.id, basket(town))
    end(town)
    jasmine = town.store.products.all()[JASMINE]
    town.store.products.set_tags(jasmine.id, ["tea"])
    town.store.orders.refund(order.id, [(order.lines[1].id, 5)])
    later = town.store.orders.place(mali.id, basket(town))
    end(town)

    assert town.points(order) == 0
    assert town.points(later) == 64


def test_a_tagged_customer_that_is_excluded_earns_nothing(open_town):
    town = open_town(excluded_customer_tags=("staff",))
    order = town.store.orders.place(town.customer(tags=("staff",)).id, basket(town))
    other = town.store.orders.place(town.customer("Anan", tags=("vip",)).id, basket(town))
    end(town)

    assert town.spend(order) == 0
    assert town.points(other) == 64


def test_a_customer_tagged_later_keeps_what_was_earned(open_town):
    town = open_town(excluded_customer_tags=("staff",))
    mali = town.customer()
    order = town.store.orders.place(mali.id, basket(town))
    end(town)
    town.store.customers.update(mali.id, tags=("staff",))
    town.store.orders.refund(order.id, [(order.lines[1].id, 1)])
    end(town)

    assert town.points(order) == 60
