"""Orders a second from the inbox to the ledger, by one worker process.

    python -m benchmarks.inbox_to_ledger [--orders 20000] [--customers 5000] [--shops 1] [--profile]

Needs DATABASE_URL of a server where databases may be created. Real-sized order webhooks lie in the
inbox; the drain reads, unpacks, parses, translates, reckons and posts them. Says what the time
went to: this process's own work, and PostgreSQL's.
"""

import argparse
import cProfile
import os
import pstats
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg
from sqlalchemy.orm import Session

import webhooks.drain
from app.bootstrap import spare_the_collector, switch_threads_sooner
from app.container import Container, JobArg
from app.db.session import Database, Tenant
from app.services.verify_ledger import verify_ledger
from app.shopify.gateway import connect_shopify
from benchmarks.installation import Installation, add_shop, installation
from benchmarks.order_bodies import bodies
from benchmarks.watching import server_seconds
from webhooks.packing import pack


@dataclass(slots=True)
class NoJobs:
    """Takes jobs and does nothing with them."""

    names: set[str] = field(default_factory=set)

    def enqueue(self, name: str, session: Session | None = None, **args: JobArg) -> None:
        """Note the job's name."""
        self.names.add(name)

    def enqueue_soon(self, name: str, **args: JobArg) -> None:
        """Note the job's name."""
        self.names.add(name)


def main() -> None:
    """Fill an inbox, drain it, print the rate."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--shops", type=int, default=1, help="inboxes drained at once, in threads")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.profile and options.shops > 1:
        parser.error("--profile looks at one shop.")
    with installation(os.environ["DATABASE_URL"]) as installed:
        url = installed.environment["DATABASE_URL"]
        shops = [(installed.shop_id, installed.program_id)]
        shops += [add_shop(url, f"bench-{n}.myshopify.com") for n in range(1, options.shops)]
        for shop_id, _program_id in shops:
            _fill(url, shop_id, options.orders, options.customers)
        _drain(installed, [shop[0] for shop in shops], options.orders, profile=options.profile)
        for shop_id, program_id in shops:
            _prove(installed, Tenant(program_id=program_id, shop_id=shop_id))


def _fill(url: str, shop_id: int, orders: int, customers: int) -> None:
    with psycopg.connect(url) as connection:
        with connection.cursor().copy(
            "copy webhook_event (shop_id, webhook_id, event_id, topic, api_version, triggered_at,"
            " body, received_at) from stdin"
        ) as copy:
            for row in _rows(shop_id, orders, customers):
                copy.write_row(row)
        connection.execute("analyze webhook_event")


def _rows(shop_id: int, orders: int, customers: int) -> Iterator[tuple[object, ...]]:
    for number, body in enumerate(bodies(orders, customers=customers)):
        at = "2026-11-20T21:09:54Z"
        packed = pack(body)
        yield shop_id, f"w{number}", f"e{number}", "orders/paid", "2026-10", at, packed, at


def _drain(
    installed: Installation, shop_ids: Sequence[int], orders_each: int, *, profile: bool
) -> None:
    orders = orders_each * len(shop_ids)
    settings = installed.settings
    database = Database(settings.database_url)
    parts = Container(
        settings=settings,
        database=database,
        jobs=NoJobs(),
        shopify=connect_shopify(settings),
    )
    # A job would stop after some seconds and go on in the next; here it is one.
    webhooks.drain.RUN_S = 3_600.0
    drain = webhooks.drain.Drain(parts)
    spare_the_collector()
    switch_threads_sooner()
    profiler = cProfile.Profile() if profile else None
    server_before = server_seconds()
    wall, own = time.perf_counter(), time.process_time()
    if profiler:
        handled = profiler.runcall(drain, shop_ids[0])
    else:
        with ThreadPoolExecutor(len(shop_ids)) as threads:
            handled = sum(threads.map(drain, shop_ids))
    wall, own = time.perf_counter() - wall, time.process_time() - own
    server = server_seconds() - server_before
    database.close()
    if handled != orders:
        raise RuntimeError(f"{orders} orders waited, {handled} were handled.")
    print(
        f"{orders} orders in {wall:.1f} s: {orders / wall:.0f} a second."
        f" An order took {own / orders * 1e6:.0f} µs of this process"
        f" and {server / orders * 1e6:.0f} µs of PostgreSQL."
    )
    if profiler:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def _prove(installed: Installation, tenant: Tenant) -> None:
    database = Database(installed.environment["DATABASE_URL"])
    with database.tenant(tenant) as session:
        wrong = verify_ledger(
            session,
            program_id=tenant.program_id or 0,
            ledger_key=installed.settings.ledger_key,
        )
    database.close()
    print(f"The ledger has {len(wrong)} discrepancies.")


if __name__ == "__main__":
    main()
