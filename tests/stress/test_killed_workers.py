"""Workers are killed again and again: the ledger is that of one worker left in peace."""

import random
import time
from collections.abc import Sequence

import psycopg
import pytest
from sqlalchemy import select

import webhooks.drain
from app.bootstrap import create_intake
from app.container import Container
from app.db.models import Award, Member, MemberIdentity
from app.domain.errors import RewardUnavailable
from app.domain.program_rules import ProgramRules
from app.services.release_redemption import release_redemption
from app.services.verify_ledger import verify_ledger
from app.shopify.gateway import connect_shopify
from tests.fixtures.stores import LEDGER_KEY, Store, open_store
from tests.fixtures.webhooks import NOW, Sender
from tests.stress.deliveries import CUSTOMERS, Delivery, base_deliveries, deliveries
from tests.stress.drain_worker import NoJobs, Workers

WORKERS = 8
QUIET_SECONDS_MAX = 300


@pytest.fixture
def parts(settings, database):
    return Container(
        settings=settings, database=database, jobs=NoJobs(), shopify=connect_shopify(settings)
    )


@pytest.fixture
def intake(parts):
    intake = create_intake(parts)
    yield intake
    intake.close()


@pytest.mark.parametrize(
    ("seconds", "orders"),
    [
        pytest.param(4, 250, id="short"),
        pytest.param(60, 6_000, id="long", marks=pytest.mark.soak),
    ],
)
def test_a_worker_killed_every_second_changes_nothing(
    parts, intake, settings, monkeypatch, seconds, orders
):
    monkeypatch.setattr("webhooks.drain.utc_now", lambda: NOW)
    told = deliveries(orders, seed=orders)
    killed, calm = a_shop(parts), a_shop(parts)

    send(intake, killed, base_deliveries())
    with Workers(settings, killed.shop_id, WORKERS) as workers:
        wait_until_handled(killed)
        deliver_while_workers_die(intake, killed, workers, told, seconds)
        wait_until_handled(killed)
    send(intake, calm, base_deliveries())
    drain_alone(parts, calm)
    hold_and_release(calm, range(1, CUSTOMERS + 1))
    send(intake, calm, told)
    drain_alone(parts, calm)

    assert event_states(killed).keys() == {1}
    assert points_of(killed) == points_of(calm)
    assert awards_of(killed) == awards_of(calm)
    for store in (killed, calm):
        with store.session() as session:
            wrong = verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY)
        assert wrong == []


def a_shop(parts: Container) -> Store:
    """Open a shop whose tiers multiply nothing: a better tier would count from when it is seen."""
    store = open_store(parts.database, ProgramRules(pending_days=14, expiry_months=None))
    store.now = NOW
    with psycopg.connect(parts.database.conninfo()) as connection:
        connection.execute(
            "update tier set multiplier_bp = 10000 where program_id = %s", (store.program_id,)
        )
        connection.execute(
            "update program set earning_starts_at = '2025-01-01' where id = %s",
            (store.program_id,),
        )
    return store


def send(intake, store: Store, told: Sequence[Delivery]) -> None:
    sender = Sender(intake, domain_of(store))
    for topic, payload in told:
        assert sender.send(topic, payload).status == 200


def deliver_while_workers_die(
    intake, store: Store, workers: Workers, told: Sequence[Delivery], seconds: int
) -> None:
    """Deliver a part each second, hold and release points meanwhile, and kill a worker."""
    rng = random.Random(seconds)
    for second in range(seconds):
        began = time.monotonic()
        send(intake, store, told[second::seconds])
        hold_and_release(store, range(1 + second, CUSTOMERS + 1, seconds))
        time.sleep(max(0.0, began + rng.random() - time.monotonic()))
        workers.kill_one(rng)
        time.sleep(max(0.0, began + 1 - time.monotonic()))


def hold(store: Store, customer: int, *, key: str, code: str) -> int:
    """Hold points of whoever the customer is: a worker may merge them before they are locked."""
    member_id = store.member_id(customer)
    try:
        return store.hold(customer=customer, key=key, code=code)
    except RewardUnavailable:
        if store.member_id(customer) == member_id:
            raise
        return store.hold(customer=customer, key=key, code=code)


def hold_and_release(store: Store, customers: Sequence[int]) -> None:
    """Let each customer take a reward twice, and give the second one back."""
    for customer in customers:
        hold(store, customer, key=f"kept-{customer}", code=f"RG-K{customer}")
        redemption_id = hold(store, customer, key=f"undone-{customer}", code=f"RG-U{customer}")
        with store.session() as session:
            release_redemption(
                session,
                redemption_id=redemption_id,
                reason="undone",
                now=store.now,
                ledger_key=LEDGER_KEY,
            )


def drain_alone(parts: Container, store: Store) -> None:
    drain = webhooks.drain.Drain(parts)
    while drain(store.shop_id):
        """A drain stops after some seconds and goes on in the next."""


def wait_until_handled(store: Store) -> None:
    ends = time.monotonic() + QUIET_SECONDS_MAX
    while event_states(store).get(0):
        assert time.monotonic() < ends, "The inbox was not emptied in time."
        time.sleep(0.1)


def event_states(store: Store) -> dict[int, int]:
    with psycopg.connect(store.database.conninfo()) as connection:
        return dict(
            connection.execute(
                "select state, count(*) from webhook_event where shop_id = %s group by state",
                (store.shop_id,),
            ).fetchall()
        )


def domain_of(store: Store) -> str:
    with psycopg.connect(store.database.conninfo()) as connection:
        [(domain,)] = connection.execute(
            "select domain from shop where id = %s", (store.shop_id,)
        ).fetchall()
    return domain


def points_of(store: Store) -> dict[int, tuple[int, int, int]]:
    """Return what each customer has: (pending, available, held)."""
    with store.session() as session:
        rows = session.execute(
            select(MemberIdentity.customer_id, Member.pending, Member.available, Member.held).join(
                Member, Member.id == MemberIdentity.member_id
            )
        )
        return {customer: (pending, available, held) for customer, pending, available, held in rows}


def awards_of(store: Store) -> dict[str, int]:
    """Return what each order is worth."""
    with store.session() as session:
        rows = session.execute(
            select(Award.source_id, Award.points).where(Award.source_kind == "order")
        )
        return {row.source_id.partition(":")[2]: row.points for row in rows}
