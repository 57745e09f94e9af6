"""Orders that vanished at Shopify unannounced are found, but not when all seem to be gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db.queries.reconciliations import newest_comparison
from app.flows import find_deleted_orders as flow
from app.flows import reconcile
from app.flows.find_deleted_orders import NotCredible, find_deleted_orders
from app.shopify.orders import ChangedOrder
from tests.fixtures.stores import START, open_store

NOW = START + timedelta(days=30)


@pytest.fixture
def at_shopify(monkeypatch):
    """The orders that Shopify shows, by id."""
    there = {}

    def orders_there(run, order_ids):
        return [
            ChangedOrder(order_id=id_, updated_at=there[id_].updated_at)
            for id_ in order_ids
            if id_ in there
        ]

    def fetch_orders(run, order_ids):
        return [there[id_] for id_ in order_ids if id_ in there]

    monkeypatch.setattr(flow, "orders_there", orders_there)
    monkeypatch.setattr(reconcile, "fetch_orders", fetch_orders)
    for module in (flow, reconcile):
        monkeypatch.setattr(module, "utc_now", lambda: NOW)
    return there


@pytest.fixture
def store(parts):
    return open_store(parts.database)


def take_in(store, at_shopify, *orders):
    store.take_in(*orders)
    at_shopify |= {order.order_id: order for order in orders}


def test_an_order_that_is_gone_gives_its_points_back(parts, store, at_shopify):
    kept, gone = store.order(10_000), store.order(5_000)
    take_in(store, at_shopify, kept, gone)
    del at_shopify[gone.order_id]

    progress = find_deleted_orders(parts, store.shop_id)

    assert (progress.compared, progress.deleted) == (2, 1)
    assert store.balances() == (0, 100, 0)
    with store.session() as session:
        found = newest_comparison(session, store.shop_id)
    assert (found.deleted, found.missed_in_all, found.finished_at) == (1, 1, NOW)


def test_an_order_that_is_newer_there_is_taken_in(parts, store, at_shopify):
    order = store.order(10_000)
    take_in(store, at_shopify, order)
    at_shopify[order.order_id] = replace(order, updated_at=NOW, cancelled_at=NOW)

    progress = find_deleted_orders(parts, store.shop_id)

    assert (progress.taken_in, progress.deleted) == (1, 0)
    assert store.balances() == (0, 0, 0)


def test_orders_that_the_app_may_not_see_any_more_are_left_alone(parts, store, at_shopify):
    old = START - timedelta(days=40)
    store.take_in(store.order(10_000, processed_at=old, created_at=old, updated_at=old))

    progress = find_deleted_orders(parts, store.shop_id)

    assert progress.compared == 0


def test_a_second_look_finds_nothing_new(parts, store, at_shopify):
    order = store.order(10_000)
    store.take_in(order)
    find_deleted_orders(parts, store.shop_id)

    again = find_deleted_orders(parts, store.shop_id)

    assert again.compared == 0
    assert store.balances() == (0, 0, 0)


def test_in_parts_it_finds_the_same(parts, store, at_shopify, monkeypatch):
    monkeypatch.setattr(flow, "CHUNK", 1)
    orders = [store.order(1_000) for _ in range(3)]
    take_in(store, at_shopify, *orders)
    del at_shopify[orders[2].order_id]

    first = find_deleted_orders(parts, store.shop_id, budget_s=0)
    rest = find_deleted_orders(parts, store.shop_id, after=first.resume_after)

    assert first.resume_after == orders[0].order_id
    assert (rest.resume_after, rest.deleted) == (None, 1)


def test_when_all_of_many_seem_gone_nothing_is_believed(parts, store, at_shopify, monkeypatch):
    monkeypatch.setattr(flow, "CREDIBLE_MAX", 2)
    store.take_in(*(store.order(1_000) for _ in range(3)))
    before = store.balances()

    with pytest.raises(NotCredible):
        find_deleted_orders(parts, store.shop_id)

    assert store.balances() == before
