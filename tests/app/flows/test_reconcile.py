"""Orders that no webhook told are found at Shopify and taken in, and no others are asked for."""

from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from app.db.queries.reconciliations import newest_comparison
from app.flows.reconcile import OVERLAP, reconcile_shop, take_in
from app.services.note_comparison import comparison_began
from app.services.note_reconciled import note_reconciled
from app.services.start_history_import import start_history_import
from app.shopify.errors import ShopifyUnavailable
from app.shopify.orders import ChangedOrder
from tests.fixtures.stores import START, open_store

NOW = START + timedelta(days=9)


class OrdersAtShopify:
    """Answers what changed and gives orders whole; notes what it was asked."""

    def __init__(self):
        self.orders = {}
        self.asked_since = []
        self.fetched = []
        self.fail_after = None

    def put(self, *snapshots):
        self.orders |= {snapshot.order_id: snapshot for snapshot in snapshots}

    def changed(self, run, since, until):
        self.asked_since.append(since)
        found = sorted(self.orders.values(), key=lambda order: (order.updated_at, order.order_id))
        for number, order in enumerate(found):
            if self.fail_after is not None and number >= self.fail_after:
                raise ShopifyUnavailable(shop_domain="s", operation="changed_orders", reason="down")
            if (since is None or order.updated_at >= since) and order.updated_at <= until:
                yield ChangedOrder(order_id=order.order_id, updated_at=order.updated_at)

    def fetch(self, run, order_ids):
        self.fetched.append(list(order_ids))
        return [self.orders[id_] for id_ in order_ids if id_ in self.orders]


@pytest.fixture
def shopify(monkeypatch):
    shopify = OrdersAtShopify()
    monkeypatch.setattr("app.flows.reconcile.changed_orders", shopify.changed)
    monkeypatch.setattr("app.flows.reconcile.fetch_orders", shopify.fetch)
    monkeypatch.setattr("app.flows.reconcile.utc_now", lambda: NOW)
    return shopify


@pytest.fixture
def store(parts):
    return open_store(parts.database)


def reconciled_through(store) -> datetime | None:
    with psycopg.connect(store.database.conninfo()) as connection:
        [(through,)] = connection.execute(
            "select reconciled_through from shop where id = %s", (store.shop_id,)
        ).fetchall()
    return through


def test_the_first_pass_compares_everything_and_fetches_what_is_unknown(parts, store, shopify):
    known, missed = store.order(10_000), store.order(5_000)
    store.take_in(known)
    shopify.put(known, missed)

    progress = reconcile_shop(parts, store.shop_id)

    assert (progress.compared, progress.taken_in) == (2, 1)
    assert shopify.asked_since == [None]
    assert shopify.fetched == [[missed.order_id]]
    assert store.balances() == (150, 0, 0)
    assert reconciled_through(store) == NOW


def test_an_order_known_in_an_older_state_is_taken_in_anew(parts, store, shopify):
    order = store.order(10_000)
    store.take_in(order)
    shopify.put(replace(order, updated_at=START + timedelta(hours=1), cancelled_at=START))

    reconcile_shop(parts, store.shop_id)

    assert store.balances() == (0, 0, 0)


def test_the_next_pass_overlaps_the_last(parts, store, shopify):
    reconcile_shop(parts, store.shop_id)
    reconcile_shop(parts, store.shop_id)

    assert shopify.asked_since == [None, NOW - OVERLAP]


def test_what_is_known_already_is_not_fetched_again(parts, store, shopify):
    shopify.put(store.order(10_000))
    reconcile_shop(parts, store.shop_id)
    before = store.balances()

    reconcile_shop(parts, store.shop_id)

    assert len(shopify.fetched) == 1
    assert store.balances() == before


def test_a_pass_that_breaks_off_is_noted_only_as_far_as_it_came(parts, store, shopify, monkeypatch):
    monkeypatch.setattr("app.flows.reconcile.CHUNK", 1)
    orders = [
        store.order(10_000, updated_at=START + timedelta(hours=number)) for number in range(3)
    ]
    shopify.put(*orders)
    shopify.fail_after = 2

    with pytest.raises(ShopifyUnavailable):
        reconcile_shop(parts, store.shop_id)

    assert reconciled_through(store) == START + timedelta(hours=1)
    assert store.balances() == (200, 0, 0)


def test_a_pass_without_time_says_where_to_go_on(parts, store, shopify, monkeypatch):
    monkeypatch.setattr("app.flows.reconcile.CHUNK", 1)
    orders = [
        store.order(10_000, updated_at=START + timedelta(hours=number)) for number in range(3)
    ]
    shopify.put(*orders)

    first = reconcile_shop(parts, store.shop_id, budget_s=0)
    rest = reconcile_shop(parts, store.shop_id, resume_from=first.resume_from)

    assert first.resume_from == START
    assert rest.resume_from is None
    assert store.balances() == (300, 0, 0)


def newest(store):
    with store.session() as session:
        return newest_comparison(session, store.shop_id)


def test_what_a_pass_found_is_kept_for_staff(parts, store, shopify):
    known, missed = store.order(10_000), store.order(5_000)
    store.take_in(known)
    shopify.put(known, missed)

    reconcile_shop(parts, store.shop_id)
    first = newest(store)
    reconcile_shop(parts, store.shop_id)

    assert (first.compared, first.taken_in, first.missed_in_all) == (2, 1, 1)
    assert (first.started_at, first.finished_at, first.last_missed_at) == (NOW, NOW, NOW)
    assert (newest(store).taken_in, newest(store).missed_in_all) == (0, 1)


def test_a_pass_in_two_parts_is_one_pass(parts, store, shopify, monkeypatch):
    monkeypatch.setattr("app.flows.reconcile.CHUNK", 1)
    shopify.put(*(store.order(updated_at=START + timedelta(hours=n)) for n in range(3)))

    first = reconcile_shop(parts, store.shop_id, budget_s=0)
    unfinished = newest(store)
    reconcile_shop(parts, store.shop_id, resume_from=first.resume_from)

    assert (unfinished.compared, unfinished.finished_at) == (1, None)
    assert (newest(store).taken_in, newest(store).finished_at) == (3, NOW)


def test_while_the_past_is_read_nothing_is_compared(parts, store, shopify):
    shopify.put(store.order(10_000))
    with store.session() as session:
        start_history_import(session, shop_id=store.shop_id, asked_by="install", now=NOW)
        comparison_began(session, shop_id=store.shop_id, now=NOW)

    progress = reconcile_shop(parts, store.shop_id)

    assert (progress.compared, progress.left_alone) == (0, "being_read")
    assert newest(store).finished_at == NOW
    assert shopify.asked_since == []


def test_how_far_it_came_never_moves_back(store):
    with store.session() as session:
        note_reconciled(session, shop_id=store.shop_id, through=NOW)
        note_reconciled(session, shop_id=store.shop_id, through=START)

    assert reconciled_through(store) == NOW


def test_test_orders_post_nothing(parts, store, shopify):
    shopify.put(store.order(10_000, test=True))

    reconcile_shop(parts, store.shop_id)

    with store.session() as session:
        assert session.connection().exec_driver_sql("select count(*) from award").scalar() == 0


def test_a_shop_that_uninstalled_the_app_is_left_alone(parts, store, shopify):
    with psycopg.connect(store.database.conninfo(), autocommit=True) as connection:
        connection.execute("update shop set uninstalled_at = now() where id = %s", (store.shop_id,))
    shopify.put(store.order(10_000))

    progress = reconcile_shop(parts, store.shop_id)
    take_in(parts, store.shop_id, [1])

    assert (progress.compared, progress.left_alone) == (0, "not_usable")
    assert shopify.fetched == []


def test_an_edited_order_is_fetched_and_awarded_as_it_now_stands(parts, store, shopify):
    order = store.order(10_000)
    store.take_in(order)
    shopify.put(
        replace(
            order,
            updated_at=START + timedelta(hours=1),
            lines=(replace(order.lines[0], gross_minor=4_000),),
        )
    )

    take_in(parts, store.shop_id, [order.order_id, 999])

    assert store.balances() == (40, 0, 0)
