"""An installation whose ledger has the key of the stores of tests, and a store at its shop."""

from dataclasses import replace

import pytest

from app.clock import utc_now
from app.services.publish_rules import publish_rules
from tests.fixtures.stores import LEDGER_KEY, Store


@pytest.fixture
def parts(parts):
    return replace(parts, settings=replace(parts.settings, ledger_key=LEDGER_KEY))


@pytest.fixture
def store_by(parts, opened, tenant):
    """Return a function that publishes rules and gives the store that goes by them."""

    def store_by(rules):
        with parts.database.tenant(tenant) as session:
            publish_rules(
                session,
                program_id=opened.program_id,
                rules=rules,
                published_by="test",
                now=utc_now(),
            )
        return Store(
            database=parts.database,
            program_id=opened.program_id,
            shop_id=opened.shop_id,
            now=utc_now(),
        )

    return store_by
