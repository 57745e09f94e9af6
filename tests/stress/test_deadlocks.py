"""Four workers post in every way to the same members: nobody waits for each other for ever."""

import psycopg
import pytest

from app.domain.program_rules import ProgramRules
from app.services.verify_ledger import verify_ledger
from tests.fixtures.stores import LEDGER_KEY, open_store
from tests.stress.drain_worker import PROCESSES
from tests.stress.mixed_worker import CUSTOMERS, work

WORKERS = 4


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(4, id="short"),
        pytest.param(600, id="long", marks=pytest.mark.soak),
    ],
)
def test_hot_and_spread_batches_at_once_never_deadlock(database, settings, seconds):
    store = open_store(database, ProgramRules(pending_days=3, expiry_months=1))
    store.take_in(*(store.order(30_000, customer=number) for number in range(1, CUSTOMERS + 1)))
    told = PROCESSES.Queue()
    workers = [
        PROCESSES.Process(
            target=work,
            args=(settings.database_url, store.program_id, store.shop_id, seed, seconds, told),
        )
        for seed in range(WORKERS)
    ]

    for worker in workers:
        worker.start()
    reports = [told.get(timeout=seconds + 120) for _ in workers]
    for worker in workers:
        worker.join(60)

    assert [error for report in reports for error in report.errors] == []
    assert all(report.steps for report in reports)
    assert deadlocks(settings.database_url) == 0
    with store.session() as session:
        found = verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY)
    assert found == []


def deadlocks(url: str) -> int:
    """Return how many deadlocks PostgreSQL broke up in this database."""
    with psycopg.connect(url) as connection:
        [(count,)] = connection.execute(
            "select deadlocks from pg_stat_database where datname = current_database()"
        ).fetchall()
    return int(count)
