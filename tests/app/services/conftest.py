"""A store of its own for every test of a service."""

import pytest

from app.services.rebuild_member_days import wrong_member_days
from app.services.verify_ledger import verify_ledger
from tests.fixtures.stores import LEDGER_KEY


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
