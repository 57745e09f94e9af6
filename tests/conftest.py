"""What every test shares: migrated databases of its own, and no way out of this machine."""

import ipaddress
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from playwright.sync_api import expect
from psycopg import sql

from app.db.embedded_postgres import embedded_postgres
from tests.slowness import slowness

PROJECT = Path(__file__).resolve().parent.parent
SHARED_DATA = PROJECT.parent / "shared" / "data"


# A busy machine may take its time: what is waited for either comes or never does.
expect.set_options(timeout=30_000)

# script/test is the same each time; script/soak searches anew, and longer.
settings.register_profile("seeded", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1_000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow", type=int, metavar="SEED", help="let pages and fakes take their time, at random"
    )


def pytest_configure(config: pytest.Config) -> None:
    seed = config.getoption("--slow")
    if seed is not None:
        slowness.begin(seed)


class OutsideSocketError(AssertionError):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_outside_sockets() -> Iterator[None]:
    """Refuse connections to anything but this machine."""
    with pytest.MonkeyPatch.context() as patch:
        connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

        def guarded_connect(self: socket.socket, address: Any) -> None:
            _refuse_outside(self, address)
            connect(self, address)

        def guarded_connect_ex(self: socket.socket, address: Any) -> int:
            _refuse_outside(self, address)
            return connect_ex(self, address)

        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


def _refuse_outside(used: socket.socket, address: Any) -> None:
    if used.family not in (socket.AF_INET, socket.AF_INET6) or address[0] in ("localhost", ""):
        return
    try:
        inside = ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideSocketError(f"A test tried to reach {address[0]}.")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a superuser: that of DATABASE_URL's server, else of the embedded PostgreSQL's."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
    else:
        with embedded_postgres(PROJECT) as url:
            yield url


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """Make databases that are dropped at the end: call it, get the owner's URL.

    `new_database()` is migrated, `new_database(migrated=False)` empty. Names are unique on the
    server, so any number of test runs can share it.
    """
    made: list[str] = []

    def make(*, migrated: bool = True) -> str:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"regulars_test_{worker}_{uuid4().hex[:10]}"
        made.append(name)
        _execute(postgres_url, sql.SQL("create database {}").format(sql.Identifier(name)))
        url = _with_database(postgres_url, name)
        if migrated:
            from app.db.migrate import migrate

            migrate(url)
        return url

    yield make
    for name in made:
        _drop(postgres_url, name)


@pytest.fixture(scope="session")
def database_url(new_database: Callable[..., str]) -> str:
    """Owner's URL of one migrated database for the whole run of this xdist worker."""
    return new_database()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public order histories; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the public order histories of ../shared/data are absent")
    return SHARED_DATA


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _drop(postgres_url: str, name: str) -> None:
    """Drop the database and the roles that are named after it."""
    roles = sql.SQL("select rolname from pg_roles where rolname ~ {}").format(
        sql.Literal(f"^{re.escape(name)}_")
    )
    _execute(
        postgres_url,
        sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)),
    )
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for (role,) in connection.execute(roles).fetchall():
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
