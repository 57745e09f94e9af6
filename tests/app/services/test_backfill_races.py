"""Grants, webhooks and staff at the same time: every point once, and no deadlock."""

import threading
from dataclasses import replace
from datetime import timedelta

from app.services.confirm_backfill import cancel_backfill
from app.services.grant_backfill import grant_backfill
from app.services.reckon_backfill import reckon_backfill
from app.services.start_backfill import BackfillUnderWay
from app.services.verify_ledger import verify_ledger
from tests.app.services.test_backfill import (
    confirm,
    newest,
    past_order,
    preview,
    run,
    start,
)
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY


def at_once(*works):
    """Do everything at the same moment; raise what was raised."""
    ready = threading.Barrier(len(works))
    errors = []

    def do(work):
        ready.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_two_workers_grant_what_one_would(store):
    for number in range(20):
        past_order(store, 1_000, customer=1 + number % 4, days_ago=50 + number)
    row = preview(store)
    confirm(store, row.id)

    def grant():
        run(store, grant_backfill, row.id, limit=3)

    at_once(grant, grant)

    assert newest(store).points_granted == row.points == 200
    assert sum(sum(store.balances(customer)) for customer in range(1, 5)) == 200


def test_webhooks_about_the_same_orders_come_meanwhile(store):
    orders = [past_order(store, 1_000, customer=1 + number % 3) for number in range(15)]
    row = preview(store)
    confirm(store, row.id)
    later = store.now + timedelta(hours=1)

    def tell():
        for number, order in enumerate(orders):
            newer = replace(order, updated_at=later, fulfilled=True)
            store.take_in(refunded(newer, at=later) if number < 5 else newer)

    at_once(lambda: run(store, grant_backfill, row.id, limit=2), tell)

    # Whatever came first: five were sent back, ten are kept.
    assert sum(sum(store.balances(customer)) for customer in (1, 2, 3)) == 100


def test_a_new_preview_and_a_grant_do_not_wait_for_each_other_in_a_ring(store):
    for number in range(10):
        past_order(store, 1_000, customer=1 + number)
    for _ in range(5):
        row = preview(store)

        at_once(
            lambda row=row: confirm(store, row.id),
            lambda: _start_unless_granting(store),
            lambda row=row: run(store, grant_backfill, row.id, limit=2),
        )
        found = newest(store)
        if found.state == "granting":
            with store.session() as session:
                cancel_backfill(session, shop_id=store.shop_id, backfill_id=found.id, now=store.now)
        elif found.state == "reckoning":
            run(store, reckon_backfill, found.id)

    with store.session() as session:
        assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []


def _start_unless_granting(store):
    try:
        start(store)
    except BackfillUnderWay:
        return
