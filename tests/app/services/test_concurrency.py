"""Many at once on the same members: nothing is lost, doubled or deadlocked."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import NotEnoughPoints
from app.domain.program_rules import ProgramRules
from app.services.mature_and_expire import mature_and_expire
from app.services.release_redemption import release_redemption
from app.services.revise_tiers import revise_tiers
from app.services.verify_ledger import verify_ledger
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

CUSTOMERS = 12
ROUNDS = 10


@pytest.mark.parametrize("mode", ["lot", "inactivity"])
def test_orders_holds_releases_and_jobs_at_once_leave_a_provable_ledger(database, mode):
    store = open_store(database, ProgramRules(pending_days=0, expiry_mode=mode, expiry_months=1))
    store.take_in(*(store.order(50_000, customer=number) for number in range(1, CUSTOMERS + 1)))
    orders = [
        store.order(10_000, customer=random.Random(number).randint(1, CUSTOMERS))
        for number in range(CUSTOMERS * ROUNDS)
    ]
    store.later(days=1)

    tasks: list[Callable[[int], None]] = [
        lambda seed: take_in_some(store, orders, seed),
        lambda seed: take_in_some(store, orders, seed + 1),
        lambda seed: hold_and_release(store, seed),
        lambda seed: run_jobs(store),
    ]
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(task, seed) for seed in range(ROUNDS) for task in tasks]
        for each in running:
            each.result()
    store.take_in(*orders, *(refunded(order, at=store.now) for order in orders))

    with store.session() as session:
        found = verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY)
    assert found == []
    # Whatever happened in between: what was not refunded is what there is.
    for number in range(1, CUSTOMERS + 1):
        assert sum(store.balances(number)) == 500


def take_in_some(store: Store, orders, seed: int) -> None:
    some = random.Random(seed).sample(orders, 40)
    store.take_in(*some)


def hold_and_release(store: Store, seed: int) -> None:
    for customer in random.Random(seed).sample(range(1, CUSTOMERS + 1), 3):
        try:
            redemption_id = store.hold(
                customer=customer, key=f"{seed}-{customer}", code=f"RG-{seed}-{customer}"
            )
        except NotEnoughPoints:
            continue
        if seed % 2:
            with store.session() as session:
                release_redemption(
                    session,
                    redemption_id=redemption_id,
                    reason="undone",
                    now=store.now,
                    ledger_key=LEDGER_KEY,
                )


def run_jobs(store: Store) -> None:
    with store.session() as session:
        mature_and_expire(
            session, program_id=store.program_id, now=store.now, ledger_key=LEDGER_KEY
        )
    with store.session() as session:
        revise_tiers(session, program_id=store.program_id, now=store.now)
