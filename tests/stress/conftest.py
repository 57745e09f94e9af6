"""A database and settings that worker processes share with the test."""

import pytest

from app.db.session import Database
from tests.fixtures.webhooks import intake_settings


@pytest.fixture
def settings(new_database):
    """Settings of an installation on a database of its own, so that its deadlocks are counted."""
    return intake_settings(new_database())


@pytest.fixture
def database(settings):
    database = Database(settings.database_url)
    yield database
    database.close()
