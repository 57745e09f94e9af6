"""A database and a shop for a benchmark, and the app's processes on it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
from cryptography.fernet import Fernet
from psycopg import sql
from sqlalchemy import make_url

from app.db.ids import allocate_ids
from app.db.migrate import migrate
from app.db.models import Shop
from app.db.session import Database, Tenant, name_tenant
from app.services.create_program import create_program
from app.settings import Settings, load_settings
from benchmarks.order_bodies import DOMAIN, SECRET

PROJECT = Path(__file__).resolve().parent.parent
ROLES = ("app", "intake", "sweep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation with one shop, on a database of its own."""

    environment: Mapping[str, str]
    shop_id: int
    program_id: int

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return load_settings(self.environment)

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the owner; return its rows."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def installation(server_url: str, *, keep_as: str | None = None) -> Iterator[Installation]:
    """Yield an installation on the PostgreSQL of `server_url`; its database is dropped after.

    With `keep_as` that is its name, and it is only dropped after an error; see `kept_installation`.
    """
    name = keep_as or f"regulars_bench_{uuid4().hex[:8]}"
    done = False
    _execute(server_url, sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        url = _url(server_url, name)
        migrate(url)
        shop_id, program_id = add_shop(url)
        yield Installation(environment=_environment(url), shop_id=shop_id, program_id=program_id)
        done = True
    finally:
        if keep_as is None or not done:
            _drop(server_url, name)


def kept_installation(server_url: str, name: str) -> Installation | None:
    """Return the installation whose database `name` was kept; None when none was."""
    with psycopg.connect(server_url) as connection:
        known = connection.execute("select from pg_database where datname = %s", (name,))
        if known.fetchone() is None:
            return None
    url = _url(server_url, name)
    migrate(url)
    with psycopg.connect(url) as connection:
        [(shop_id, program_id)] = connection.execute("select id, program_id from shop").fetchall()
    return Installation(environment=_environment(url), shop_id=shop_id, program_id=program_id)


def add_shop(url: str, domain: str = DOMAIN) -> tuple[int, int]:
    """Open a shop with a programme of its own; return the ids of both."""
    database = Database(url)
    with database.tenant(Tenant()) as session:
        program_id = create_program(
            session,
            name="Bench",
            currency="USD",
            iana_timezone="UTC",
            now=datetime(2020, 1, 1, tzinfo=UTC),
        )
        (shop_id,) = allocate_ids(session, Shop, 1)
        name_tenant(session, Tenant(program_id=program_id, shop_id=shop_id))
        session.add(_shop(shop_id, program_id, domain))
    database.close()
    return shop_id, program_id


def _drop(server_url: str, name: str) -> None:
    _execute(
        server_url, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    )
    for role in ROLES:
        role_name = sql.Identifier(f"{name}_{role}")
        _execute(server_url, sql.SQL("drop role if exists {}").format(role_name))


def _url(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _environment(url: str) -> Mapping[str, str]:
    return {
        "DATABASE_URL": url,
        "SHOPIFY_CLIENT_ID": "bench",
        "SHOPIFY_CLIENT_SECRET": SECRET,
        "APP_URL": "http://127.0.0.1",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LEDGER_KEY": "00" * 32,
        # Nothing of a benchmark may leave this machine.
        "SHOPIFY_ORIGIN_TEMPLATE": "http://127.0.0.1:9/{shop}",
    }


def _shop(shop_id: int, program_id: int, domain: str) -> Shop:
    return Shop(
        id=shop_id,
        program_id=program_id,
        domain=domain,
        name="Bench",
        primary_locale="en",
        plan_name="Plus",
        is_plus=True,
        shop_gid="gid://shopify/Shop/1",
        installation_gid="gid://shopify/AppInstallation/1",
        scopes="",
        # Its tokens are of no use, so no effect is tried at Shopify.
        must_reopen=True,
        installed_at=datetime(2020, 1, 1, tzinfo=UTC),
    )


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    command: Sequence[str], environment: Mapping[str, str], *, folder: Path = PROJECT
) -> "subprocess.Popen[bytes]":
    """Start a process in a group of its own, its output dropped."""
    return subprocess.Popen(  # noqa: S603 - our own commands
        list(command),
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def start_server(installed: Installation, port: int) -> "subprocess.Popen[bytes]":
    """Start the app's server and wait until it answers."""
    command = [sys.executable, "-m", "app.cli", "server"]
    server = start(command, {**installed.environment, "PORT": str(port)})
    wait_for(port, server)
    return server


def start_worker(installed: Installation) -> "subprocess.Popen[bytes]":
    """Start a worker."""
    return start([sys.executable, "-m", "app.cli", "worker"], installed.environment)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Return once `port` accepts connections; raise RuntimeError when the server ended instead."""
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with {server.returncode}.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                # granian listens before all of its processes serve.
                time.sleep(1.0)
                return
        time.sleep(0.1)
    raise RuntimeError(f"Nothing answers on port {port}.")


def stop(process: "subprocess.Popen[bytes]", how: int = signal.SIGTERM) -> None:
    """Stop a process and its children, for good after some seconds."""
    for number in (how, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(12)
            return


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
