"""Fixtures of tests below the web: the database as the app sees it, and stores in it."""

from collections.abc import Iterator

import pytest

from app.db.session import Database
from app.domain.program_rules import ProgramRules
from tests.fixtures.stores import Store, open_store


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    """The database of this run, as the app sees it."""
    database = Database(database_url, pool_size=4)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> Store:
    """A store with default rules, tiers and rewards, opened on 1 January 2026."""
    return open_store(database)


@pytest.fixture
def instant_store(database: Database) -> Store:
    """A store whose points can be used at once and never expire."""
    return open_store(database, ProgramRules(pending_days=0, expiry_months=None))
