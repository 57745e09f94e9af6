"""The demo: the app, its worker and a development store with a history, all on this machine."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

import psycopg
import requests

from app.db.migrate import migrate
from app.development.database import development_database, empty_schema
from app.development.installation import DATA, Ports, demo_environment
from app.development.processes import Processes, StopRequestedError, processes, stop_requests
from app.web.port_check import PortTaken, refuse_shared_port

DEVSTORE_DATA = DATA / "devstore"
HISTORY_MARK = DEVSTORE_DATA / "history-sent"
LOGS = DATA / "logs"

START_SECONDS_MAX = 60.0
TAKEN_IN_SECONDS_MAX = 300.0


class DemoFailed(Exception):
    """The demo cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the demo is asked for."""

    ports: Ports
    customers: int
    fresh: bool


def run_demo(options: DemoOptions) -> None:
    """Start everything, say where to look, and go on until someone stops it.

    Raises:
        DemoFailed: a port is taken, or something did not start.
        ProcessEnded: something stopped by itself.
    """
    began = time.monotonic()
    _refuse_taken_ports(options.ports)
    try:
        with stop_requests(), development_database() as database_url:
            _prepare(database_url, fresh=options.fresh)
            environment = demo_environment(options.ports, database_url)
            with processes(LOGS, environment) as group:
                _start(group, options.ports)
                _fill(group, options, database_url)
                _say_where_to_look(options.ports, time.monotonic() - began)
                group.watch()
    except StopRequestedError:
        _say("Stopped.")


def _refuse_taken_ports(ports: Ports) -> None:
    for port, setting in ((ports.app, "PORT"), (ports.devstore, "DEVSTORE_PORT")):
        try:
            refuse_shared_port(port)
        except PortTaken:
            raise DemoFailed(
                f"Port {port} is served already: stop that server, or set {setting} to another."
            ) from None


def _prepare(database_url: str, *, fresh: bool) -> None:
    if fresh:
        if "DATABASE_URL" in os.environ:
            raise DemoFailed("--fresh empties the demo's own database only, not DATABASE_URL's.")
        _say("Beginning anew")
        empty_schema(database_url)
        shutil.rmtree(DEVSTORE_DATA, ignore_errors=True)
    _say("Migrating the database")
    migrate(database_url)


def _start(group: Processes, ports: Ports) -> None:
    _say("Starting the development store, the app and its worker")
    group.start("development store", [sys.executable, "-m", "devstore"])
    _wait_for(group, f"{ports.devstore_url}/clock")
    group.start("app", [sys.executable, "-m", "app.cli", "server"])
    _wait_for(group, f"{ports.app_url}/healthz")
    group.start("worker", [sys.executable, "-m", "app.cli", "worker"])


def _wait_for(group: Processes, url: str) -> None:
    _wait_until(lambda: _answers(url), group, START_SECONDS_MAX, f"Nothing answers at {url}.")


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _wait_until(
    done: Callable[[], bool], group: Processes, seconds_max: float, complaint: str
) -> None:
    deadline = time.monotonic() + seconds_max
    while not done():
        group.check()
        if time.monotonic() > deadline:
            raise DemoFailed(complaint)
        time.sleep(0.2)


# --- The first time: install the app, send a history ----------------------------------------------


def _fill(group: Processes, options: DemoOptions, database_url: str) -> None:
    if HISTORY_MARK.exists():
        return
    _say("Installing the app in the store")
    _open_app(options.ports)
    if options.customers:
        _earn_from_the_beginning(database_url)
        _say(f"Sending the history of {options.customers} customers as signed webhooks")
        command = [sys.executable, "-m", "devstore.history", "generate"]
        command += ["--customers", str(options.customers)]
        if group.run(command):
            raise DemoFailed("The history could not be sent; the lines above say why.")
        _say("Waiting until the app has taken the history in")
        _wait_until(
            lambda: _events_left(database_url) == 0,
            group,
            TAKEN_IN_SECONDS_MAX,
            f"The worker is too slow; {LOGS} says why.",
        )
    HISTORY_MARK.touch()


def _open_app(ports: Ports) -> None:
    """Open the app in the admin as a merchant's browser would, which is what installs it."""
    admin = requests.get(f"{ports.devstore_url}/admin/apps/regulars/", timeout=30)
    finder = _FrameFinder()
    finder.feed(admin.text)
    if finder.address is None:
        raise DemoFailed("The development store's admin shows no app.")
    page = requests.get(finder.address, timeout=30)
    if not page.ok:
        raise DemoFailed(f"The app could not be installed: it answered {page.status_code}.")


class _FrameFinder(HTMLParser):
    """Finds the address of the first iframe."""

    address: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe" and self.address is None:
            named = dict(attrs)
            self.address = named.get("src") or named.get("data-src")


def _earn_from_the_beginning(database_url: str) -> None:
    """Let the history earn, as if the app had been installed when the shop opened."""
    with psycopg.connect(database_url) as connection:
        connection.execute("update program set earning_starts_at = now() - interval '3 years'")


def _events_left(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("select count(*) from webhook_event where state = 0").fetchone()
    return int(row[0]) if row else 0


# --- What it says ---------------------------------------------------------------------------------


def _say(text: str) -> None:
    print(f"==> {text}", flush=True)


def _say_where_to_look(ports: Ports, seconds: float) -> None:
    store = ports.devstore_url
    print(
        f"""
Regulars is ready after {seconds:.0f} seconds.

  Storefront     {store}/
  Checkout       {store}/checkout
  App            {store}/admin/apps/regulars/
  Orders         {store}/admin/orders
  Customers      {store}/admin/customers
  Webhooks       {store}/admin/deliveries
  Clock          {store}/admin/clock

Logs are in .data/logs. Ctrl-C stops everything; script/demo --fresh begins anew.
""",
        flush=True,
    )
