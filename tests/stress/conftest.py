"""A database and settings that worker processes share with the test."""

import pytest
from cryptography.fernet import Fernet

from app.db.session import Database
from app.settings import Settings
from tests.fixtures.stores import LEDGER_KEY
from tests.fixtures.webhooks import SECRET


@pytest.fixture
def settings(new_database):
    """Settings of an installation on a database of its own, so that its deadlocks are counted."""
    return Settings(
        database_url=new_database(),
        shopify_client_id="client",
        shopify_client_secret=SECRET,
        shopify_old_client_secret="the-secret-before",
        app_url="https://app.example",
        encryption_keys=(Fernet.generate_key().decode(),),
        ledger_key=LEDGER_KEY,
    )


@pytest.fixture
def database(settings):
    database = Database(settings.database_url)
    yield database
    database.close()
