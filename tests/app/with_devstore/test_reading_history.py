"""The past of a shop is read through a bulk operation, once, whatever happens on the way."""

import time
from datetime import timedelta

import pytest
import requests

from app.db.models import Customer, CustomerOrder, Member, Shop
from app.db.queries.history_imports import newest_import
from app.domain.order_snapshot import snapshot_from_json
from app.flows import history_batches
from app.flows import read_history as flow
from app.flows.read_history import read_history, stop_history
from app.flows.shop_access import runner, vault_of
from app.services.advance_history_import import note_operation_ended
from app.services.verify_ledger import verify_ledger
from app.shopify import bulk_file
from app.shopify.bulk_operation import look_at
from app.shopify.orders import fetch_orders
from devstore.store import CartLine


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_file.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path


@pytest.fixture
def running(start_store, request):
    return start_store(grant_optional_scopes=getattr(request, "param", True))


@pytest.fixture
def past(running, customer):
    """Seven orders of last year: one refunded in part, one a test, one a guest's."""
    store = running.store
    variants = [product.variants[0].id for product in store.products.all()]
    long_ago = store.clock.now() - timedelta(days=300)
    orders = [
        store.orders.place(
            customer.id,
            [CartLine(variants[0], 1 + number), CartLine(variants[1], 2)],
            processed_at=long_ago + timedelta(days=number),
        )
        for number in range(5)
    ]
    [line, *_] = orders[0].lines
    store.orders.refund(orders[0].id, [(line.id, 1)])
    guest = [CartLine(variants[0], 1)]
    store.orders.place(None, guest, email="somsri@example.com", processed_at=long_ago)
    store.orders.place(customer.id, guest, processed_at=long_ago, test=True)
    return orders


@pytest.fixture
def read(parts, opened):
    """Return a function that goes on with the reading until there is nothing to do now."""

    def read(**more):
        while read_history(parts, opened.shop_id, **({"budget_s": 20} | more)):
            pass

    return read


@pytest.fixture
def newest(parts, opened, tenant):
    def newest():
        with parts.database.tenant(tenant) as session:
            return newest_import(session, opened.shop_id)

    return newest


def bulk(running, **weather):
    requests.post(f"{running.origin}/admin/bulk", json=weather, timeout=60).raise_for_status()


def wait_for_the_end(run, gid):
    for _attempt in range(600):
        if not look_at(run, gid).is_running:
            return
        time.sleep(0.05)
    raise AssertionError("The operation did not end.")


def stored(parts, tenant):
    with parts.database.tenant(tenant) as session:
        orders = session.query(CustomerOrder).order_by(CustomerOrder.order_id).all()
        session.expunge_all()
        return orders


def test_installing_asks_for_the_past(opened, newest, recorded_jobs):
    assert newest().state == "waiting"
    assert newest().sees_all_orders
    assert ("read_history", {"shop_id": opened.shop_id}) in recorded_jobs.enqueued


def test_the_past_is_known_and_earns_nothing(past, running, parts, opened, tenant, read, newest):
    read()

    orders = stored(parts, tenant)
    row = newest()
    assert row.state == "done"
    assert (row.orders_told, row.orders_read, row.orders_new) == (7, 7, 6)
    assert row.oldest_order_at == min(order.processed_at for order in past)
    assert len(orders) == 6
    assert all(order.spend_minor for order in orders)
    with parts.database.tenant(tenant) as session:
        assert {member.pending + member.available for member in session.query(Member)} == {0}
        assert session.get_one(Shop, opened.shop_id).reconciled_through == row.operation_at
        key = parts.settings.ledger_key
        assert verify_ledger(session, program_id=opened.program_id, ledger_key=key) == []


def test_it_is_read_as_webhooks_and_the_admin_api_would_tell_it(past, parts, tenant, read, opened):
    read()

    told = {order.order_id: order.snapshot for order in stored(parts, tenant)}
    fetched = fetch_orders(runner(parts, opened.shop_id), list(told))
    assert {id_: snapshot_from_json(snapshot) for id_, snapshot in told.items()} == {
        snapshot.order_id: snapshot for snapshot in fetched
    }


def test_it_names_those_who_ordered(past, parts, tenant, read):
    read()

    vault = vault_of(parts)
    with parts.database.tenant(tenant) as session:
        names = [customer.name for customer in session.query(Customer)]
    assert "Mali" in {vault.decrypt(name) for name in names if name}


def test_a_part_at_a_time_ends_where_one_go_does(past, parts, tenant, read, newest, monkeypatch):
    monkeypatch.setattr(history_batches, "BATCH", 2)

    read(budget_s=0)

    assert newest().state == "done"
    assert newest().orders_read == 7
    assert len(stored(parts, tenant)) == 6


def test_a_crash_between_batches_goes_on_where_it_was(
    past, parts, tenant, opened, newest, monkeypatch, own_folder
):
    monkeypatch.setattr(history_batches, "BATCH", 2)
    taken = []
    take = flow.take_history_in

    def crash_after_two(*args, **more):
        if len(taken) == 2:
            raise KeyboardInterrupt
        taken.append(more["batch"].orders)
        return take(*args, **more)

    monkeypatch.setattr(flow, "take_history_in", crash_after_two)
    with pytest.raises(KeyboardInterrupt):
        read_history(parts, opened.shop_id, budget_s=20)
    before = newest().orders_read
    monkeypatch.setattr(flow, "take_history_in", take)
    for folder in own_folder.glob("regulars-history-*"):
        # Another machine goes on: it has no parts of the file.
        bulk_file.shutil.rmtree(folder)

    read_history(parts, opened.shop_id, budget_s=20)

    assert before == sum(taken)
    assert (newest().state, newest().orders_read) == ("done", 7)
    assert len(stored(parts, tenant)) == 6


def test_nothing_of_the_file_stays_behind(past, read, own_folder):
    read()

    assert list(own_folder.glob("regulars-history-*")) == []


def test_a_slow_operation_is_waited_for_elsewhere(past, running, read, newest, monkeypatch):
    monkeypatch.setattr(flow, "PATIENCE_S", 0)
    bulk(running, seconds_a_page=1)

    read()

    assert newest().state == "running"


def test_the_end_that_shopify_tells_has_it_looked_at(
    past, running, parts, opened, tenant, read, newest, monkeypatch
):
    monkeypatch.setattr(flow, "PATIENCE_S", 0)
    monkeypatch.setattr(flow, "_pause", lambda row: timedelta(hours=1))
    bulk(running, seconds_a_page=0.2)
    monkeypatch.setattr(flow, "utc_now", running.store.clock.now)
    with parts.database.tenant(tenant) as session:
        # A waiting import was never looked at, so it is begun at once.
        assert newest_import(session, opened.shop_id).looked_at is None
    read()
    assert newest().state == "running"

    wait_for_the_end(runner(parts, opened.shop_id), newest().operation_gid)
    with parts.database.tenant(tenant) as session:
        note_operation_ended(session, shop_id=opened.shop_id, gid=newest().operation_gid)
    read()

    assert newest().state == "done"


def test_an_operation_that_breaks_off_is_asked_for_again(past, running, read, newest, monkeypatch):
    monkeypatch.setattr(flow, "ASK_AGAIN_AFTER", timedelta(0))
    bulk(running, fail_after_pages=0)
    monkeypatch.setattr(flow, "ATTEMPTS_MAX", 2)

    read()

    assert (newest().state, newest().reason) == ("failed", "INTERNAL_SERVER_ERROR")
    assert newest().attempts == 2


def test_a_file_of_something_else_is_asked_for_again_and_then_given_up(
    past, read, newest, recorded_jobs, monkeypatch, own_folder
):
    def refuse(node):
        raise KeyError(node["name"])

    monkeypatch.setattr(history_batches, "history_order", refuse)
    monkeypatch.setattr(flow, "ASK_AGAIN_AFTER", timedelta(0))
    monkeypatch.setattr(flow, "ATTEMPTS_MAX", 2)

    while newest().is_open:
        read()

    assert (newest().state, newest().reason, newest().attempts) == ("failed", "UNREADABLE", 2)
    assert recorded_jobs.enqueued[-1][0] == "reconcile_shop"
    assert list(own_folder.glob("regulars-history-*")) == []


def test_after_a_failure_it_is_given_a_minute(past, running, read, newest):
    bulk(running, fail_after_pages=0)

    read()

    assert (newest().state, newest().attempts) == ("waiting", 1)


def test_without_history_it_is_done_at_once(read, newest):
    read()

    assert (newest().state, newest().orders_read) == ("done", 0)


def test_cancelling_stops_it_and_keeps_what_was_read(
    past, parts, tenant, opened, newest, monkeypatch, own_folder
):
    monkeypatch.setattr(history_batches, "BATCH", 2)
    read_history(parts, opened.shop_id, budget_s=0)
    while newest().orders_read == 0:
        read_history(parts, opened.shop_id, budget_s=0)

    stop_history(parts, opened.shop_id)
    left = read_history(parts, opened.shop_id, budget_s=20)

    assert not left
    assert newest().state == "cancelled"
    assert list(own_folder.glob("regulars-history-*")) == []
    assert 0 < len(stored(parts, tenant)) < 6
    with parts.database.tenant(tenant) as session:
        through = session.get_one(Shop, opened.shop_id).reconciled_through
        assert through == newest().requested_at


def test_two_processes_take_turns(past, parts, opened, newest):
    with flow.turn(parts.database, f"history:{opened.shop_id}") as ours:
        left = read_history(parts, opened.shop_id, budget_s=20)

    assert ours
    assert not left
    assert newest().state == "waiting"


@pytest.mark.parametrize("running", [False], indirect=True)
def test_without_all_orders_sixty_days_are_seen(past, running, parts, opened, tenant, newest):
    running.store.clock.advance(61 * 86_400)
    recent = running.store.orders.place(
        past[0].customer_id, [CartLine(past[0].lines[0].variant_id, 1)]
    )

    read_history(parts, opened.shop_id, budget_s=20)

    assert not newest().sees_all_orders
    assert [order.order_id for order in stored(parts, tenant)] == [recent.id]
