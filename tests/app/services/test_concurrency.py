"""Many at once on the same members: nothing is lost, doubled or deadlocked."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text, update

from app.db.models import Member
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


def test_a_review_leaves_alone_who_falls_due_after_it_locked_the_others(store):
    """A review that waited for them as well, out of turn, met who waited for it: a deadlock."""
    store.take_in(store.order(50_000, customer=1), store.order(50_000, customer=2))
    revise(store)
    first, second = store.member_id(1), store.member_id(2)
    fall_due(store, first)

    with store.session() as reviewing, store.session() as posting:
        waiting = [second]

        def let_the_second_fall_due(connection, cursor, statement, *_):
            if "with levels" in statement and waiting:
                fall_due(store, waiting.pop())
                posting.execute(text(f"select 1 from member where id = {second} for no key update"))

        event.listen(reviewing.connection(), "before_cursor_execute", let_the_second_fall_due)
        reviewing.execute(text("set local lock_timeout = '10s'"))
        revise_tiers(reviewing, program_id=store.program_id, now=store.now)

    assert due_now(store) == [second]
    revise(store)
    assert due_now(store) == []


def revise(store: Store) -> None:
    with store.session() as session:
        revise_tiers(session, program_id=store.program_id, now=store.now)


def fall_due(store: Store, member_id: int) -> None:
    with store.session() as session:
        due = update(Member).where(Member.id == member_id).values(tier_review_at=store.now)
        session.execute(due)


def due_now(store: Store) -> list[int]:
    with store.session() as session:
        due = session.query(Member.id).filter(Member.tier_review_at <= store.now)
        return [member_id for (member_id,) in due]


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
