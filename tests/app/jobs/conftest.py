"""A worker on a real database, with a drain that only notes what it was asked for."""

from dataclasses import replace

import psycopg
import pytest

from app.jobs.port import ProcrastinateJobs
from app.jobs.worker import Worker
from tests.fixtures.stores import LEDGER_KEY, open_store


@pytest.fixture
def parts(parts):
    """The installation of these tests, its jobs real."""
    return replace(
        parts,
        settings=replace(parts.settings, ledger_key=LEDGER_KEY),
        jobs=ProcrastinateJobs(parts.database),
    )


@pytest.fixture
def drained():
    return []


@pytest.fixture
def worker(parts, drained):
    def drain(shop_id):
        drained.append(shop_id)
        return 0

    return Worker(parts, drain, lambda shop_id: 0)


@pytest.fixture
def store(parts):
    return open_store(parts.database)


@pytest.fixture
def query(parts):
    """Return a function that runs a statement as the owner."""

    def run(statement, *values):
        with psycopg.connect(parts.database.conninfo(), autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def waiting(query):
    """Return a function that lists the jobs that wait, oldest first."""

    def jobs():
        return query(
            "select task_name, args from procrastinate_jobs where status = 'todo' order by id"
        )

    return jobs
