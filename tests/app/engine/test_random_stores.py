"""Random stores, on memory and on PostgreSQL: whatever happens, every point can be proved."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from app.db.session import Database
from tests.app.engine.inbox_driver import InboxDriver
from tests.app.engine.machine import Make, RandomStore
from tests.app.engine.postgres_driver import PostgresDriver
from tests.app.engine.pure_driver import PureDriver
from tests.fixtures.stores import LEDGER_KEY

SHORT = settings(max_examples=50, stateful_step_count=25, derandomize=True)
SHORT_POSTGRES = settings(SHORT, stateful_step_count=15)
SHORT_INBOX = settings(SHORT_POSTGRES, max_examples=5)
LONG_PURE = settings(max_examples=10_000, stateful_step_count=30)
LONG_POSTGRES = settings(max_examples=500, stateful_step_count=30)
LONG_INBOX = settings(max_examples=250, stateful_step_count=30)


@pytest.fixture
def database(database_url):
    database = Database(database_url, pool_size=3)
    yield database
    database.close()


@pytest.fixture
def on_postgres(database):
    return partial(PostgresDriver, database)


@pytest.fixture
def by_webhooks(database, installation_settings):
    return partial(InboxDriver, database, replace(installation_settings, ledger_key=LEDGER_KEY))


def live(make: Make, terms: settings) -> None:
    """Run random stores; what fails is shrunk, and printed as the steps that lead there."""
    store = type("Store", (RandomStore,), {"make": staticmethod(make)})
    run_state_machine_as_test(
        store,
        settings=settings(
            terms,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_random_stores_end_at_what_the_oracle_says():
    live(PureDriver, SHORT)


def test_random_stores_on_postgresql_end_at_what_the_oracle_says(on_postgres):
    live(on_postgres, SHORT_POSTGRES)


def test_random_stores_told_by_webhooks_end_at_what_the_oracle_says(by_webhooks):
    live(by_webhooks, SHORT_INBOX)


@pytest.mark.soak
def test_ten_thousand_random_stores_end_at_what_the_oracle_says():
    live(PureDriver, LONG_PURE)


@pytest.mark.soak
def test_five_hundred_random_stores_on_postgresql_end_at_what_the_oracle_says(on_postgres):
    live(on_postgres, LONG_POSTGRES)


@pytest.mark.soak
def test_hundreds_of_random_stores_told_by_webhooks_end_at_what_the_oracle_says(by_webhooks):
    live(by_webhooks, LONG_INBOX)
