"""A back-fill runs in batches, goes on after a crash, and fails without taking anything back."""

from datetime import timedelta

import pytest

from app.db.queries.backfills import newest_backfill
from app.flows import back_fill as flow
from app.flows.back_fill import back_fill
from app.flows.turns import turn
from app.services.confirm_backfill import confirm_backfill
from app.services.start_backfill import start_backfill
from tests.fixtures.stores import START, open_store

NOW = START + timedelta(days=1)


@pytest.fixture
def parts(parts, monkeypatch):
    monkeypatch.setattr(flow, "utc_now", lambda: NOW)
    monkeypatch.setattr(flow, "BATCH", 2)
    return parts


@pytest.fixture
def store(parts):
    store = open_store(parts.database)
    long_ago = START - timedelta(days=90)
    times = {"created_at": long_ago, "processed_at": long_ago, "updated_at": long_ago}
    store.take_in(*(store.order(10_000, customer=1 + number, **times) for number in range(5)))
    with store.session() as session:
        start_backfill(
            session,
            program_id=store.program_id,
            shop_id=store.shop_id,
            since=START - timedelta(days=365),
            asked_by="user:1",
            now=NOW,
        )
    return store


@pytest.fixture
def newest(store):
    def newest():
        with store.session() as session:
            return newest_backfill(session, store.shop_id)

    return newest


def confirm(store, newest):
    with store.session() as session:
        confirm_backfill(
            session,
            shop_id=store.shop_id,
            backfill_id=newest().id,
            confirmed_by="user:1",
            now=NOW,
        )


def test_from_preview_to_the_last_point(parts, store, newest, recorded_jobs):
    left = back_fill(parts, store.shop_id, budget_s=60)
    previewed = newest()
    again = back_fill(parts, store.shop_id, budget_s=60)
    confirm(store, newest)

    back_fill(parts, store.shop_id, budget_s=60)

    assert (left, again) == (False, False)
    assert (previewed.state, previewed.orders, previewed.points) == ("ready", 5, 500)
    assert (newest().state, newest().points_granted) == ("done", 500)
    assert ("push_member_metafields", {"program_id": store.program_id}) in recorded_jobs.enqueued


def test_without_time_it_asks_to_be_called_again(parts, store, newest):
    calls = 1
    while back_fill(parts, store.shop_id, budget_s=0):
        calls += 1

    assert calls > 2
    assert newest().orders == 5


def test_a_crash_half_way_goes_on_where_it_was(parts, store, newest, monkeypatch):
    back_fill(parts, store.shop_id, budget_s=60)
    confirm(store, newest)
    back_fill(parts, store.shop_id, budget_s=0)
    before = newest().orders_granted

    back_fill(parts, store.shop_id, budget_s=60)

    assert 0 < before < 5
    assert newest().points_granted == 500
    assert {store.balances(customer) for customer in range(1, 6)} == {(0, 100, 0)}


def test_a_batch_that_cannot_be_done_ends_it(parts, store, newest, monkeypatch):
    def fail(*args, **more):
        raise ValueError

    monkeypatch.setitem(flow.STEPS, "reckoning", fail)

    left = back_fill(parts, store.shop_id, budget_s=60)

    assert not left
    assert newest().state == "failed"


def test_two_workers_take_turns(parts, store, newest):
    with turn(parts.database, f"backfill:{store.shop_id}"):
        left = back_fill(parts, store.shop_id, budget_s=60)

    assert not left
    assert newest().orders_done == 0
