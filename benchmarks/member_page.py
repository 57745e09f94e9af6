"""How fast a member with 20,000 postings opens, beside one with 20.

    python -m benchmarks.member_page [--postings 20000] [--requests 60]

Needs DATABASE_URL of a server where databases may be created. Both members lived by the app's own
services: one ordered now and then for five years, all matured and most of it expired; the other one
so often within the last days that both pages have as many lines to draw. The pages are asked of the Flask app itself,
one member after the other in turns; the figures are medians in milliseconds, drawing included.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import jwt
from flask.testing import FlaskClient

from app.bootstrap import create_container, create_flask
from app.db.session import Database, Tenant
from app.domain.order_snapshot import OrderLine, OrderSnapshot
from app.services.award_orders import award_orders
from app.services.mature_and_expire import mature_and_expire
from app.shopify.proxy_signature import sign_proxy_query
from benchmarks.installation import Installation, installation
from benchmarks.order_bodies import DOMAIN

FEW = 20
DEEP = 7_000
"""The posting before which a deep page starts."""
NOW = datetime.now(UTC)
YEARS = 5
DAYS_OF_FEW = 10
"""Nothing matures within them, so that each order is one posting and one line."""
STEPS = 40
POSTINGS_AN_ORDER = 2
"""Earned and matured at least."""
AS_IN_LARGE_TABLES = """
    do $$ begin
        execute format('alter database %I set enable_seqscan = off', current_database());
    end $$
"""
"""Here one member has nearly all rows, so that PostgreSQL would read whole tables for each page."""


def main() -> None:
    """Make both members, open their pages in turns, print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--postings", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    with installation(os.environ["DATABASE_URL"]) as installed:
        # No page asks Shopify for anything as long as the tokens look good.
        installed.execute(
            "update shop set must_reopen = false, access_token = 'a', refresh_token = 'a',"
            " access_token_expires_at = now() + interval '1 day',"
            " refresh_token_expires_at = now() + interval '1 day'"
        )
        _live(installed, 1, FEW, timedelta(days=DAYS_OF_FEW))
        _live(installed, 2, options.postings // POSTINGS_AN_ORDER, timedelta(days=365 * YEARS))
        installed.execute("vacuum analyze")
        installed.execute(AS_IN_LARGE_TABLES)
        _compare(installed, options.requests)


def _live(installed: Installation, customer_id: int, orders: int, since: timedelta) -> None:
    """Let a customer order so often, evenly until now."""
    database = Database(installed.environment["DATABASE_URL"])
    tenant = Tenant(program_id=installed.program_id, shop_id=installed.shop_id)
    key = installed.settings.ledger_key
    began, apart = NOW - since, since / orders
    numbers = range(orders)
    for step in range(STEPS):
        part = numbers[orders * step // STEPS : orders * (step + 1) // STEPS]
        now = began + apart * part.stop
        with database.tenant(tenant) as session:
            award_orders(
                session,
                shop_id=installed.shop_id,
                program_id=installed.program_id,
                snapshots=[_order(customer_id, number, began + apart * number) for number in part],
                now=now,
                ledger_key=key,
            )
        with database.tenant(tenant) as session:
            mature_and_expire(session, program_id=installed.program_id, now=now, ledger_key=key)
    database.close()


def _order(customer_id: int, number: int, at: datetime) -> OrderSnapshot:
    order_id = customer_id * 1_000_000 + number
    return OrderSnapshot(
        order_id=order_id,
        name=f"#{order_id}",
        customer_id=customer_id,
        currency="USD",
        created_at=at,
        processed_at=at,
        updated_at=at,
        financial_status="paid",
        fulfilled=True,
        cancelled_at=None,
        test=False,
        taxes_included=False,
        lines=tuple(
            OrderLine(
                line_id=order_id * 10 + line,
                product_id=line,
                title="Jasmine tea from the north, 250 g",
                quantity=1,
                current_quantity=1,
                gross_minor=1_500,
                discount_minor=0,
                tax_minor=100,
            )
            for line in range(3)
        ),
        shipping_minor=500,
        shipping_tax_minor=0,
    )


def _compare(installed: Installation, requests: int) -> None:
    parts = create_container(installed.settings)
    client = create_flask(parts).test_client(use_cookies=False)
    ledgers = {
        int(str(customer_id)): (int(str(member_id)), int(str(count)))
        for customer_id, member_id, count in installed.execute(
            "select i.customer_id, m.id, m.posting_count from member m"
            " join member_identity i on i.member_id = m.id"
        )
    }
    print(f"{ledgers[1][1]:,} postings against {ledgers[2][1]:,}. Load {os.getloadavg()[0]:.1f}.")
    for page, ask in _pages(installed, client, ledgers).items():
        few, many, deep = _medians(ask, requests)
        print(
            f"{page:<20}{_told(few)} with {FEW}, {_told(many)} with many,"
            f" {_told(deep)} half-way down them",
            flush=True,
        )
    parts.database.close()


def _pages(
    installed: Installation, client: FlaskClient, ledgers: Mapping[int, tuple[int, int]]
) -> dict[str, Callable[[int, int | None], None]]:
    """Return what opens each page for a customer: the first one, or the one before a posting."""

    def admin(customer_id: int, before: int | None) -> None:
        token = {"HTTP_AUTHORIZATION": f"Bearer {_id_token(installed)}"}
        query = {} if before is None else {"before": before}
        path = f"/members/{ledgers[customer_id][0]}"
        _expect(client.get(path, query_string=query, environ_overrides=token).status_code)

    def widget(customer_id: int, before: int | None) -> None:
        path, values = ("panel", {}) if before is None else ("history", {"before": before})
        query = _signed(installed, customer_id, values)
        _expect(client.get(f"/proxy/{path}", query_string=query).status_code)

    return {"admin, the member": admin, "widget, the panel": widget}


def _medians(ask: Callable[[int, int | None], None], requests: int) -> list[tuple[float, ...]]:
    """Return medians in milliseconds, on the clock and of this process's processor.

    Of the member with few postings, of the other one, and half-way down the latter's ledger, asked
    in turns.
    """
    clocks = time.perf_counter, time.process_time
    asked = ((1, None), (2, None), (2, DEEP))
    times: list[list[list[float]]] = [[[] for _ in clocks] for _ in asked]
    for turn in range(requests + 3):
        for who, taken in zip(asked, times, strict=True):
            began = [clock() for clock in clocks]
            ask(*who)
            ended = [clock() for clock in clocks]
            if turn >= 3:
                for each, start, end in zip(taken, began, ended, strict=True):
                    each.append((end - start) * 1000)
    return [tuple(map(statistics.median, taken)) for taken in times]


def _told(median: tuple[float, ...]) -> str:
    on_the_clock, own = median
    return f"{on_the_clock:.1f} ms ({own:.1f} ms of the processor)"


def _expect(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"The page answered {status}.")


def _id_token(installed: Installation) -> str:
    now = int(time.time())
    claims = {
        "iss": f"https://{DOMAIN}/admin",
        "dest": f"https://{DOMAIN}",
        "aud": installed.settings.shopify_client_id,
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "a",
        "sid": "b",
    }
    return jwt.encode(claims, installed.settings.shopify_client_secret, "HS256")


def _signed(
    installed: Installation, customer_id: int, values: Mapping[str, object]
) -> dict[str, list[str]]:
    signed = {
        "shop": [DOMAIN],
        "path_prefix": ["/apps/regulars"],
        "timestamp": [str(int(time.time()))],
        "logged_in_customer_id": [str(customer_id)],
    } | {name: [str(value)] for name, value in values.items()}
    signature = sign_proxy_query(signed, installed.settings.shopify_client_secret)
    return signed | {"signature": [signature]}


if __name__ == "__main__":
    main()
