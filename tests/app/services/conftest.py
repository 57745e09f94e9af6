"""A store of its own for every test of a service."""

from collections.abc import Iterator

import pytest

from app.db.session import Database
from app.domain.program_rules import ProgramRules
from app.services.rebuild_member_days import wrong_member_days
from app.services.verify_ledger import verify_ledger
from tests.fixtures.stores import LEDGER_KEY, Store, open_store


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


@pytest.fixture(autouse=True)
def _ledger_is_proved(request):
    """After every test, the ledger and the roll-ups of its store have to be provable."""
    names = [name for name in ("store", "instant_store") if name in request.fixturenames]
    stores = [request.getfixturevalue(name) for name in names]
    yield
    for store in stores:
        with store.session() as session:
            assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []
        with store.session() as session:
            assert wrong_member_days(session, program_id=store.program_id) == 0
