"""An installation that takes webhooks in at one shop, on a real database."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app import clock
from app.bootstrap import create_intake
from app.container import Container
from app.db.session import Database
from app.shopify.gateway import connect_shopify
from tests.fixtures.stores import Store, open_store
from tests.fixtures.webhooks import NOW, InboxView, Sender, intake_settings
from webhooks.drain import Drain


@dataclass
class NotedJobs:
    """Notes what is enqueued."""

    enqueued: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def enqueue(self, name, session=None, **args):
        self.enqueued.append((name, args))

    def enqueue_soon(self, name, **args):
        self.enqueue(name, **args)

    def named(self, name):
        return [args for found, args in self.enqueued if found == name]


@pytest.fixture(scope="session")
def settings(database_url):
    return intake_settings(database_url)


@pytest.fixture
def database(settings):
    database = Database(settings.database_url)
    yield database
    database.close()


@pytest.fixture
def jobs():
    return NotedJobs()


@pytest.fixture
def parts(settings, database, jobs):
    return Container(
        settings=settings, database=database, jobs=jobs, shopify=connect_shopify(settings)
    )


@pytest.fixture
def store(database) -> Store:
    return open_store(database)


@pytest.fixture
def domain(store) -> str:
    with psycopg.connect(store.database.conninfo()) as connection:
        [(domain,)] = connection.execute(
            "select domain from shop where id = %s", (store.shop_id,)
        ).fetchall()
    return domain


@pytest.fixture
def intake(parts):
    intake = create_intake(parts)
    yield intake
    intake.close()


@pytest.fixture
def sender(intake, domain) -> Sender:
    return Sender(intake, domain)


@pytest.fixture
def inbox(store) -> InboxView:
    return InboxView(store)


@pytest.fixture
def drain(parts, store, monkeypatch):
    """Return a function that drains the shop at noon on 10 January 2026."""
    monkeypatch.setattr("webhooks.drain.utc_now", lambda: NOW)
    drain = Drain(parts)
    return lambda: drain(store.shop_id)


@pytest.fixture(autouse=True)
def _wall_clock():
    yield
    clock.set_offset(timedelta(0))
