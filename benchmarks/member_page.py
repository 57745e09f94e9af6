"""How fast a member with 20,000 postings opens, beside one with 20.

    python -m benchmarks.member_page [--postings 20000] [--requests 60]

Needs DATABASE_URL of a server where databases may be created. Both members lived by the app's own
services: orders over five years, matured and expired. The pages are asked of the Flask app itself,
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
NOW = datetime.now(UTC)
YEARS = 5
STEPS = 40
POSTINGS_AN_ORDER = 3
"""Earned, matured, expired: all but the last year's."""


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
        for customer_id, postings in ((1, FEW), (2, options.postings)):
            _live(installed, customer_id, postings)
        installed.execute("vacuum analyze")
        _compare(installed, options.requests)


def _live(installed: Installation, customer_id: int, postings: int) -> None:
    """Let a customer order so often that about so many postings come of it."""
    database = Database(installed.environment["DATABASE_URL"])
    tenant = Tenant(program_id=installed.program_id, shop_id=installed.shop_id)
    orders, key = postings // POSTINGS_AN_ORDER + 4, installed.settings.ledger_key
    apart = timedelta(days=365 * YEARS) / orders
    numbers = range(orders)
    for step in range(STEPS):
        part = numbers[orders * step // STEPS : orders * (step + 1) // STEPS]
        now = NOW - timedelta(days=365 * YEARS) + apart * part.stop
        with database.tenant(tenant) as session:
            award_orders(
                session,
                shop_id=installed.shop_id,
                program_id=installed.program_id,
                snapshots=[
                    _order(customer_id, number, NOW - timedelta(days=365 * YEARS) + apart * number)
                    for number in part
                ],
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
        on_the_clock, own = _medians(ask, requests)
        print(
            f"{page:<34}{on_the_clock[1]:7.1f} ms {on_the_clock[2]:7.1f} ms, of the app's processor"
            f" {own[1]:6.1f} ms {own[2]:6.1f} ms",
            flush=True,
        )
    parts.database.close()


def _pages(
    installed: Installation, client: FlaskClient, ledgers: Mapping[int, tuple[int, int]]
) -> dict[str, Callable[[int], None]]:
    """Return what opens each page for a customer."""

    def admin(path: str) -> None:
        token = {"HTTP_AUTHORIZATION": f"Bearer {_id_token(installed)}"}
        _expect(client.get(path, environ_overrides=token).status_code)

    def proxy(path: str, customer_id: int, **values: object) -> None:
        query = _signed(installed, customer_id, values)
        _expect(client.get(f"/proxy/{path}", query_string=query).status_code)

    def middle(customer_id: int) -> int:
        return ledgers[customer_id][1] // 2

    return {
        "admin: the member": lambda who: admin(f"/members/{ledgers[who][0]}"),
        "admin: half-way down the ledger": lambda who: admin(
            f"/members/{ledgers[who][0]}?before={middle(who)}"
        ),
        "widget: the panel": lambda who: proxy("panel", who),
        "widget: half-way down the history": lambda who: proxy("history", who, before=middle(who)),
    }


def _medians(
    ask: Callable[[int], None], requests: int
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the medians of each customer in milliseconds, on the clock and of the processor."""
    clocks = time.perf_counter, time.process_time
    times: dict[int, list[tuple[float, ...]]] = {1: [], 2: []}
    for turn in range(requests + 3):
        for customer_id, taken in times.items():
            began = [clock() for clock in clocks]
            ask(customer_id)
            ended = [clock() for clock in clocks]
            if turn >= 3:
                taken.append(tuple(b - a for a, b in zip(began, ended, strict=True)))
    on_the_clock, own = (
        {
            who: 1000 * statistics.median(each[kind] for each in taken)
            for who, taken in times.items()
        }
        for kind in range(len(clocks))
    )
    return on_the_clock, own


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
