"""Orders from before the programme began earn when they are granted, and only then."""

from dataclasses import replace
from datetime import timedelta

from app.db.queries.history_imports import newest_import
from app.domain.program_rules import ProgramRules
from app.services.note_scopes import note_scopes
from tests.fixtures.orders import refunded
from tests.fixtures.stores import START, open_store

LONG_AGO = START - timedelta(days=100)


def past_order(store, total=10_000, **changes):
    times = {"created_at": LONG_AGO, "processed_at": LONG_AGO, "updated_at": LONG_AGO}
    return store.order(total, **(times | changes))


def grant(store, *orders):
    return store.take_in(granted_order_ids=[order.order_id for order in orders])


def test_a_past_order_earns_nothing_by_itself(store):
    order = past_order(store)
    store.take_in(order)

    store.take_in(replace(order, updated_at=START + timedelta(days=1), fulfilled=True))

    assert store.balances() == (0, 0, 0)


def test_a_granted_order_earns_by_the_first_rules_and_its_lot_runs_from_the_grant(store):
    order = past_order(store, 10_000)
    store.take_in(order)
    store.later(days=3)

    grant(store, order)

    [lot] = store.lots()
    assert store.balances() == (0, 100, 0)
    assert lot.available_at == store.now
    assert lot.expires_at.year == 2027


def test_a_granted_order_that_was_just_paid_waits_like_any_other(store):
    paid_at = START - timedelta(days=2)
    order = past_order(store, processed_at=paid_at, created_at=paid_at, updated_at=paid_at)
    store.take_in(order)

    grant(store, order)

    [lot] = store.lots()
    assert store.balances() == (100, 0, 0)
    assert lot.available_at == paid_at + timedelta(days=14)


def test_granting_twice_gives_nothing_twice(store):
    order = past_order(store)
    store.take_in(order)
    grant(store, order)

    again = grant(store, order)

    assert again.orders_stored == 0
    assert store.balances() == (0, 100, 0)


def test_a_refund_of_a_granted_order_shrinks_it_by_the_normal_path(store):
    order = past_order(store, 10_000)
    store.take_in(order)
    grant(store, order)
    store.later(days=1)

    store.take_in(refunded(order, at=store.now))

    assert store.balances() == (0, 0, 0)
    assert store.kinds() == ["earn", "take_back"]


def test_a_granted_order_keeps_its_grant_when_its_newest_state_comes_again(store):
    order = past_order(store)
    store.take_in(order)
    grant(store, order)

    store.take_in(replace(order, updated_at=START + timedelta(days=1), fulfilled=True))

    assert store.balances() == (0, 100, 0)


def test_an_unknown_order_cannot_be_granted(store):
    result = store.take_in(granted_order_ids=[999])

    assert result.orders_stored == 0


def test_a_granted_lot_ends_where_its_rules_say(database):
    store = open_store(database, ProgramRules(expiry_months=None, points_per_unit=2))
    order = past_order(store)
    store.take_in(order)

    grant(store, order)

    assert [lot.expires_at for lot in store.lots()] == [None]
    assert store.balances() == (0, 200, 0)


def history_of(store):
    with store.session() as session:
        return newest_import(session, store.shop_id)


def grant_scopes(store, *scopes):
    with store.session() as session:
        note_scopes(session, shop_id=store.shop_id, scopes=scopes, now=store.now)


def test_once_all_orders_may_be_seen_they_are_read(store):
    grant_scopes(store, "read_orders")
    before = history_of(store)

    grant_scopes(store, "read_orders", "read_all_orders")
    grant_scopes(store, "read_all_orders", "read_orders")

    assert before is None
    assert history_of(store).state == "waiting"
    assert history_of(store).sees_all_orders
