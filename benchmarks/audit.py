"""Proves that nothing acknowledged is lost, doubled or forged, whatever is killed.

    python -m benchmarks.audit [--webhooks 4000] [--clients 16] [--fault server …]

Signed order webhooks, a fifth of them sent twice, and forged ones among them go to a server with
a worker behind it, on a PostgreSQL of the audit's own. Three times under way the faulty part is
killed with `kill -9` and started again; what was not acknowledged is sent again, as Shopify does.
In the end every webhook that was acknowledged lies in the inbox once, no forged one does, and the
ledger holds for every order the points that the audit itself reckons: no more, no less.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.db.embedded_postgres import embedded_postgres
from app.db.session import Database, Tenant
from app.services.verify_ledger import verify_ledger
from benchmarks.installation import (
    Installation,
    free_port,
    installation,
    start_server,
    start_worker,
    stop,
)
from benchmarks.order_bodies import DOMAIN, bodies, sign

FAULTS = ("none", "server", "worker", "postgres")
KILLS = 3
LIMIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook to be sent until it is answered."""

    webhook_id: str
    body: bytes
    signature: bytes
    forged: bool


@dataclass(slots=True)
class Outcome:
    """What the clients saw."""

    acknowledged: set[str] = field(default_factory=set)
    forged_accepted: int = 0
    retries: int = 0
    slowest_s: float = 0.0


class Clients:
    """Threads that send deliveries, and again those that were not acknowledged."""

    def __init__(self, port: int, deliveries: list[Delivery], threads: int) -> None:
        self.outcome = Outcome()
        self._port = port
        self._lock = threading.Lock()
        self._open = len(deliveries)
        self._queue: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        for delivery in deliveries:
            self._queue.put(delivery)
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Return when every delivery is answered."""
        for thread in self._threads:
            thread.join(LIMIT_S)

    def share_done(self, of: int) -> float:
        """Return which share of `of` webhooks is acknowledged."""
        return len(self.outcome.acknowledged) / of

    @property
    def finished(self) -> bool:
        """Whether nothing is left to send."""
        return self._open <= 0

    def _run(self) -> None:
        connection = None
        while not self.finished:
            try:
                delivery = self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
            began = time.perf_counter()
            try:
                connection = connection or http.client.HTTPConnection(
                    "127.0.0.1", self._port, timeout=5
                )
                status = _send(connection, delivery)
            except (OSError, http.client.HTTPException):
                if connection is not None:
                    connection.close()
                connection, status = None, 0
            self._note(delivery, status, time.perf_counter() - began)
        if connection is not None:
            connection.close()

    def _note(self, delivery: Delivery, status: int, took_s: float) -> None:
        answered = status == 200 or (delivery.forged and 400 <= status < 500)
        with self._lock:
            self.outcome.slowest_s = max(self.outcome.slowest_s, took_s)
            if answered:
                self._open -= 1
                if delivery.forged:
                    self.outcome.forged_accepted += status == 200
                else:
                    self.outcome.acknowledged.add(delivery.webhook_id)
            else:
                self.outcome.retries += 1
        if not answered:
            time.sleep(0.05)
            self._queue.put(delivery)


def _send(connection: http.client.HTTPConnection, delivery: Delivery) -> int:
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Hmac-Sha256": delivery.signature.decode(),
        "X-Shopify-Webhook-Id": delivery.webhook_id,
        "X-Shopify-Shop-Domain": DOMAIN,
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Triggered-At": "2026-11-20T21:09:54Z",
    }
    connection.request("POST", "/webhooks", delivery.body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


@dataclass(slots=True)
class Processes:
    """The parts that can be killed."""

    installed: Installation
    port: int
    server: "subprocess.Popen[bytes]"
    worker: "subprocess.Popen[bytes]"

    def kill(self, fault: str) -> None:
        """Kill a part with `kill -9` and start it again."""
        if fault == "server":
            stop(self.server, signal.SIGKILL)
            self.server = start_server(self.installed, self.port)
        elif fault == "worker":
            stop(self.worker, signal.SIGKILL)
            self.worker = start_worker(self.installed)
        elif fault == "postgres":
            ((folder,),) = self.installed.execute("show data_directory")
            pid_file = Path(str(folder)) / "postmaster.pid"
            # Its supervisor starts it again.
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)


@contextlib.contextmanager
def processes(installed: Installation) -> Iterator[Processes]:
    """Run server and worker."""
    port = free_port()
    running = Processes(installed, port, start_server(installed, port), start_worker(installed))
    try:
        yield running
    finally:
        stop(running.server)
        stop(running.worker)


def main() -> int:
    """Audit each fault; return 1 when one fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--webhooks", type=int, default=4_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--fault", choices=FAULTS, nargs="*", default=list(FAULTS))
    options = parser.parse_args()
    # A terminated audit stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = False
    with tempfile.TemporaryDirectory() as project:
        os.chmod(project, 0o755)  # noqa: S103 - the server's own user looks into it
        with embedded_postgres(Path(project)) as url:
            for fault in options.fault:
                with installation(url) as installed:
                    failed |= not audit(installed, fault, options.webhooks, options.clients)
    return int(failed)


def audit(installed: Installation, fault: str, webhooks: int, threads: int) -> bool:
    """Return whether an installation under `fault` lost, doubled and forged nothing."""
    deliveries, expected_points = make_deliveries(webhooks)
    with processes(installed) as running:
        clients = Clients(running.port, deliveries, threads)
        began = time.monotonic()
        clients.start()
        if fault != "none":
            _kill_under_way(running, clients, fault, webhooks)
        clients.wait()
        took_s = time.monotonic() - began
        drained = _until(lambda: _waiting(installed) == 0)
    told = clients.outcome
    found = _find(installed, told, expected_points)
    good = drained and len(told.acknowledged) == webhooks and not any(found.values())
    print(
        f"{fault:9} {'PASS' if good else 'FAIL'}: {webhooks} webhooks in {took_s:.0f} s,"
        f" {told.retries} sent again, slowest answer {told.slowest_s:.1f} s;"
        f" drained {drained}, {', '.join(f'{name} {count}' for name, count in found.items())}",
        flush=True,
    )
    return good


def make_deliveries(webhooks: int) -> tuple[list[Delivery], int]:
    """Return shuffled deliveries, and the points that their orders earn in all."""
    random_ = random.Random(3)
    deliveries, points = [], 0
    for number, body in enumerate(bodies(webhooks, customers=None)):
        delivery = Delivery(f"order-{number}", body, sign(body), forged=False)
        deliveries += [delivery] * (2 if random_.random() < 0.2 else 1)
        points += _points(body)
        if random_.random() < 0.1:
            signature = base64.b64encode(random_.randbytes(32))
            deliveries.append(Delivery(f"forged-{number}", body, signature, forged=True))
    random_.shuffle(deliveries)
    return deliveries, points


def _points(body: bytes) -> int:
    """Return what an order earns, reckoned from its decimal text alone: a point a whole dollar."""
    cents = 0
    for line in json.loads(body)["line_items"]:
        cents += int(line["price"].replace(".", "")) * line["quantity"]
        cents -= sum(int(each["amount"].replace(".", "")) for each in line["discount_allocations"])
    return cents // 100


def _kill_under_way(running: Processes, clients: Clients, fault: str, webhooks: int) -> None:
    for number in range(1, KILLS + 1):
        share = number / (KILLS + 1)
        while not clients.finished and clients.share_done(webhooks) < share:
            time.sleep(0.02)
        running.kill(fault)


def _waiting(installed: Installation) -> int:
    try:
        ((count,),) = installed.execute("select count(*) from webhook_event where state = 0")
    except Exception:  # noqa: BLE001 - PostgreSQL may be starting again
        return -1
    return int(str(count))


def _find(installed: Installation, told: Outcome, expected_points: int) -> dict[str, int]:
    """Return everything that must not be, by name, with its count."""
    stored = [str(row[0]) for row in installed.execute("select webhook_id from webhook_event")]
    ((points,),) = installed.execute(
        "select coalesce(sum(points), 0)::bigint from award where source_kind = 'order'"
    )
    database = Database(installed.environment["DATABASE_URL"])
    tenant = Tenant(program_id=installed.program_id, shop_id=installed.shop_id)
    with database.tenant(tenant) as session:
        discrepancies = verify_ledger(
            session,
            program_id=installed.program_id,
            ledger_key=installed.settings.ledger_key,
        )
    database.close()
    return {
        "lost": len(told.acknowledged - set(stored)),
        "doubled": len(stored) - len(set(stored)),
        "forged": told.forged_accepted + sum(name.startswith("forged") for name in stored),
        "points too many or few": abs(int(str(points)) - expected_points),
        "ledger discrepancies": len(discrepancies),
    }


def _until(condition: Callable[[], bool], limit_s: float = LIMIT_S) -> bool:
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.05)
    return False


if __name__ == "__main__":
    sys.exit(main())
