"""Orders a second from snapshots to ledger: what award_orders takes, PostgreSQL included.

Run with DATABASE_URL of a server where databases may be created:

    python -m benchmarks.drain [orders] [--profile]

Orders have three lines on average, one in ten comes twice and one in twenty is refunded in part
later; a fifth of the orders are by customers never seen. Prints the median of the batches, split
into the time of this process and the time it waited for PostgreSQL.
"""

import argparse
import cProfile
import os
import pstats
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.db.ids import allocate_ids
from app.db.migrate import migrate
from app.db.models import Shop
from app.db.session import Database, Tenant, name_tenant
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund
from app.services.award_orders import award_orders
from app.services.create_program import create_program
from app.services.verify_ledger import verify_ledger

BATCH = 500
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LEDGER_KEY = bytes(range(32))


def main() -> None:
    """Make a database, drain orders into it, print the rates and drop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    server = os.environ["DATABASE_URL"]
    name = f"regulars_bench_{uuid4().hex[:8]}"
    _execute(server, sql.SQL("create database {}").format(sql.Identifier(name)))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    try:
        migrate(url)
        tenant = _open_store(database)
        profile = cProfile.Profile() if options.profile else None
        _report(_drain(database, tenant, options.orders, profile))
        if profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        with database.tenant(tenant) as session:
            began = time.perf_counter()
            wrong = verify_ledger(session, program_id=tenant.program_id or 0, ledger_key=LEDGER_KEY)
            print(f"verified in {time.perf_counter() - began:.2f} s, {len(wrong)} discrepancies")
    finally:
        database.close()
        _execute(server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        for role in ("app", "intake", "sweep"):
            _execute(server, sql.SQL("drop role {}").format(sql.Identifier(f"{name}_{role}")))


def _drain(
    database: Database, tenant: Tenant, orders: int, profile: cProfile.Profile | None
) -> list[tuple[int, float, float]]:
    """Return (orders, seconds, seconds of this process) for each batch."""
    figures = []
    for batch in _batches(orders):
        wall, cpu = time.perf_counter(), time.process_time()
        if profile:
            profile.enable()
        with database.tenant(tenant) as session:
            award_orders(
                session,
                shop_id=tenant.shop_id or 0,
                program_id=tenant.program_id or 0,
                snapshots=batch,
                now=NOW,
                ledger_key=LEDGER_KEY,
            )
        if profile:
            profile.disable()
        figures.append((len(batch), time.perf_counter() - wall, time.process_time() - cpu))
    with database.tenant(tenant) as session:
        backend = session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
    print(f"PostgreSQL's own time: {_cpu_seconds(backend):.1f} s")
    return figures


def _cpu_seconds(process_id: int) -> float:
    """Return the processor time of a process (Linux, a server on this machine), else 0."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _report(figures: list[tuple[int, float, float]]) -> None:
    rates = [count / wall for count, wall, _ in figures]
    total = sum(count for count, _, _ in figures)
    wall = sum(wall for _, wall, _ in figures)
    cpu = sum(cpu for _, _, cpu in figures)
    print(
        f"{total} states in {wall:.1f} s: median {statistics.median(rates):.0f}/s,"
        f" mean {total / wall:.0f}/s; {1e6 * wall / total:.0f} µs a state,"
        f" {1e6 * cpu / total:.0f} µs of it here"
    )


def _batches(orders: int) -> Iterator[list[OrderSnapshot]]:
    """Yield seeded batches of states: new orders, duplicates and later partial refunds."""
    rng = random.Random(2026)
    known: list[OrderSnapshot] = []
    batch: list[OrderSnapshot] = []
    for number in range(1, orders + 1):
        order = _order(rng, number, orders)
        batch.append(order)
        if rng.random() < 0.1:
            batch.append(order)
        if known and rng.random() < 0.05:
            batch.append(_refunded(known[rng.randrange(len(known))]))
        known.append(order)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _order(rng: random.Random, number: int, orders: int) -> OrderSnapshot:
    at = NOW - timedelta(days=300) + timedelta(minutes=number)
    lines = tuple(
        OrderLine(
            line_id=number * 10 + index,
            product_id=rng.randrange(10_000),
            title="Jasmine tea from the north, 250 g",
            quantity=2,
            current_quantity=2,
            gross_minor=rng.randrange(500, 20_000),
            discount_minor=0,
            tax_minor=70,
        )
        for index in range(rng.randrange(1, 6))
    )
    return OrderSnapshot(
        order_id=number,
        name=f"#{number}",
        customer_id=rng.randrange(1, orders // 3 + 2),
        currency="USD",
        created_at=at,
        processed_at=at,
        updated_at=at,
        financial_status="paid",
        fulfilled=False,
        cancelled_at=None,
        test=False,
        taxes_included=False,
        lines=lines,
        shipping_minor=500,
        shipping_tax_minor=35,
    )


def _refunded(order: OrderSnapshot) -> OrderSnapshot:
    first, *rest = order.lines
    at = order.updated_at + timedelta(days=3)
    refund = Refund(refund_id=order.order_id, created_at=at, line_quantities=((first.line_id, 1),))
    return replace(
        order,
        updated_at=at,
        financial_status="partially_refunded",
        lines=(replace(first, current_quantity=1), *rest),
        refunds=(refund,),
    )


def _open_store(database: Database) -> Tenant:
    with database.tenant(Tenant()) as session:
        program_id = create_program(
            session,
            name="Bench",
            currency="USD",
            iana_timezone="Asia/Bangkok",
            now=NOW,
            earning_starts_at=NOW - timedelta(days=365),
        )
        [shop_id] = allocate_ids(session, Shop, 1)
        tenant = Tenant(program_id=program_id, shop_id=shop_id)
        name_tenant(session, tenant)
        session.add(
            Shop(
                id=shop_id,
                program_id=program_id,
                domain="bench.myshopify.com",
                name="Bench",
                primary_locale="en",
                plan_name="Basic",
                is_plus=False,
                shop_gid="gid://shopify/Shop/1",
                installation_gid="gid://shopify/AppInstallation/1",
                scopes="",
                must_reopen=False,
                installed_at=NOW,
            )
        )
    return tenant


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    main()
