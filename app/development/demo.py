"""The demo: the app, its worker and a development store with a history, all on this machine."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import requests

from app.clock import utc_now
from app.db.migrate import migrate
from app.development.database import development_database, empty_schema
from app.development.installation import DATA, Ports, demo_environment
from app.development.merchant import AppSilent, Merchant
from app.development.processes import Processes, StopRequestedError, processes, stop_requests
from app.web.port_check import PortTaken, refuse_shared_port

DEVSTORE_DATA = DATA / "devstore"
HISTORY_MARK = DEVSTORE_DATA / "history-sent"
LOGS = DATA / "logs"

START_SECONDS_MAX = 60.0
TAKEN_IN_SECONDS_MAX = 300.0
HISTORY_REWARDED = timedelta(days=3 * 365)
"""Orders this far back earn points in the demo, which is all of them."""


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
                _fill(group, options)
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
    group.start("development store", [sys.executable, "-m", "devstore", "--grant-optional-scopes"])
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


# --- The first time: a store with a history, and a merchant who rewards it --------------------------


def _fill(group: Processes, options: DemoOptions) -> None:
    if HISTORY_MARK.exists():
        return
    merchant = Merchant(options.ports.devstore_url, options.ports.app_url)
    if options.customers:
        _say(f"Giving the store a history of {options.customers} customers")
        command = [sys.executable, "-m", "devstore.history", "generate", "--quiet"]
        command += ["--customers", str(options.customers)]
        if group.run(command):
            raise DemoFailed("The history could not be made; the lines above say why.")
    _say("Installing the app in the store")
    try:
        merchant.open_app()
        if options.customers:
            _say("Reading past orders, and giving points for them")
            since = (utc_now() - HISTORY_REWARDED).date().isoformat()
            merchant.reward_the_past(since, partial(_wait_for_the_past, group))
    except AppSilent as silent:
        raise DemoFailed(f"{silent} {LOGS} says why.") from silent
    HISTORY_MARK.touch()


def _wait_for_the_past(group: Processes, done: Callable[[], bool]) -> None:
    _wait_until(done, group, TAKEN_IN_SECONDS_MAX, f"The worker is too slow; {LOGS} says why.")


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
