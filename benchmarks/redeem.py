"""How long a shopper waits for a reward, end to end through HTTP, while others redeem as well.

    python -m benchmarks.redeem [--rate 20] [--seconds 30] [--delay-ms 50]

Needs DATABASE_URL of a server where databases may be created. The app serves with granian and a
worker runs beside it, each Admin call is answered after 50 ms. Half of the asks are the widget's
(signed by the app proxy), half checkout's (a session token); each is another member's. They start
by the clock, whether or not those before have ended, and are measured from when they should have
started. Every ask has to be answered with its code, and the ledger is verified at the end.
"""

import argparse
import dataclasses
import itertools
import os
import secrets
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import psycopg
import requests
from sqlalchemy import make_url

from app.db.encryption import Vault
from app.db.models import MemberIdentity, Reward
from app.db.session import Database, Tenant
from app.services.adjust_points import adjust_points
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.services.verify_ledger import verify_ledger
from app.shopify.proxy_signature import sign_proxy_query
from benchmarks.installation import (
    Installation,
    free_port,
    installation,
    start,
    start_server,
    start_worker,
    stop,
    wait_for,
)
from benchmarks.order_bodies import DOMAIN
from benchmarks.watching import server_seconds

P95_MS_MAX = 500.0
POINTS = 1_000
COST = 100
WARM_UP = 40
THREADS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One ask: what came of it and how long it took from when it should have started."""

    surface: str
    status: int
    has_code: bool
    waited_ms: float


def main() -> int:
    """Warm up, ask at the rate, print percentiles; return 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=float, default=20.0, help="asks a second (20)")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--delay-ms", type=float, default=50.0, help="of each Admin call (50)")
    options = parser.parse_args()
    asks = int(options.rate * options.seconds)
    with (
        installation(os.environ["DATABASE_URL"]) as bare,
        _shopify(bare, options.delay_ms) as installed,
    ):
        customers = iter(range(1, asks + WARM_UP + 1))
        reward_id = _open(installed, asks + WARM_UP)
        with _serving(installed) as origin:
            shoppers = _Shoppers(installed, origin, reward_id)
            shoppers.ask(itertools.islice(customers, WARM_UP), rate=options.rate)
            before = _processor_ms(installed)
            told = shoppers.ask(customers, rate=options.rate)
            spent = {
                who: (now - before[who]) / asks for who, now in _processor_ms(installed).items()
            }
        missed = _tell(told, options.rate)
        print(", ".join(f"{who} {ms:.1f} ms" for who, ms in spent.items()), "of a processor each.")
        return int(missed or not _is_clean(installed))


@contextmanager
def _shopify(bare: Installation, delay_ms: float) -> Iterator[Installation]:
    """Yield the installation with an Admin API that answers after `delay_ms`."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.slow_shopify", "--port", str(port)]
    shopify = start([*command, "--delay-ms", str(delay_ms)], {})
    try:
        wait_for(port, shopify)
        changes = {
            "SHOPIFY_ORIGIN_TEMPLATE": f"http://127.0.0.1:{port}/{{shop}}",
            "SHOPIFY_CLIENT_SECRET": secrets.token_hex(32),
        }
        yield dataclasses.replace(bare, environment={**bare.environment, **changes})
    finally:
        stop(shopify)


@contextmanager
def _serving(installed: Installation) -> Iterator[str]:
    port = free_port()
    server = start_server(installed, port)
    worker = start_worker(installed)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(worker)
        stop(server)


def _open(installed: Installation, members: int) -> int:
    """Give the shop a token that is good, and members points; return a reward's id."""
    settings = installed.settings
    token = Vault(settings.encryption_keys, settings.ledger_key).encrypt("token")
    with psycopg.connect(installed.environment["DATABASE_URL"], autocommit=True) as owner:
        owner.execute(
            "update shop set must_reopen = false, access_token = %s,"
            " access_token_expires_at = now() + interval '1 day'",
            [token],
        )
    database = Database(settings.database_url)
    tenant = Tenant(program_id=installed.program_id, shop_id=installed.shop_id)
    now = datetime.now(UTC)
    with database.tenant(tenant) as session:
        enrol_customers(
            session,
            shop_id=installed.shop_id,
            program_id=installed.program_id,
            customers=[_customer(number, now) for number in range(1, members + 1)],
            now=now,
            ledger_key=settings.ledger_key,
        )
    with database.tenant(tenant) as session:
        for (member_id,) in session.query(MemberIdentity.member_id).all():
            adjust_points(
                session,
                program_id=installed.program_id,
                member_id=member_id,
                points=POINTS,
                key="bench",
                actor="system",
                note=None,
                now=now,
                ledger_key=settings.ledger_key,
            )
        found = session.query(Reward.id).filter(Reward.points == COST, Reward.type == "amount_off")
        reward_id: int = found.one()[0]
    database.close()
    installed.execute("vacuum analyze")
    return reward_id


def _customer(number: int, now: datetime) -> CustomerState:
    return CustomerState(
        customer_id=number,
        created_at=now - timedelta(days=400),
        updated_at=now - timedelta(days=400),
        personal=PersonalData(name=None, email=None, email_hash=None),
    )


class _Shoppers:
    """Ask for the reward, one for each customer, by the clock."""

    def __init__(self, installed: Installation, origin: str, reward_id: int) -> None:
        self._secret = installed.settings.shopify_client_secret
        self._client_id = installed.settings.shopify_client_id
        self._origin = origin
        self._reward_id = reward_id
        self._local = threading.local()

    def ask(self, customers: Iterator[int], *, rate: float) -> list[Ask]:
        """Start `rate` asks a second, whatever the others do; return what came of each."""
        began = time.monotonic() + 0.1
        with ThreadPoolExecutor(THREADS) as pool:
            asked = []
            for place, customer_id in enumerate(customers):
                due = began + place / rate
                time.sleep(max(due - time.monotonic(), 0))
                asked.append(pool.submit(self._ask, customer_id, due))
            return [each.result() for each in asked]

    def _ask(self, customer_id: int, due: float) -> Ask:
        surface = "widget" if customer_id % 2 else "checkout"
        send = self._at_widget if customer_id % 2 else self._in_checkout
        answer = send(customer_id)
        waited_ms = (time.monotonic() - due) * 1000
        has_code = answer.ok and "code" in answer.json().get("redemption", {})
        return Ask(
            surface=surface, status=answer.status_code, has_code=has_code, waited_ms=waited_ms
        )

    def _at_widget(self, customer_id: int) -> requests.Response:
        values = {
            "shop": [DOMAIN],
            "timestamp": [str(int(time.time()))],
            "logged_in_customer_id": [str(customer_id)],
            "reward": [str(self._reward_id)],
            "key": [f"bench-{customer_id:06}"],
            "locale": ["en"],
        }
        values["signature"] = [sign_proxy_query(values, self._secret)]
        return self._session().post(f"{self._origin}/proxy/redeem", params=values, timeout=60)

    def _in_checkout(self, customer_id: int) -> requests.Response:
        claims = {
            "dest": DOMAIN,
            "aud": self._client_id,
            "exp": int(time.time()) + 300,
            "sub": f"gid://shopify/Customer/{customer_id}",
        }
        token = jwt.encode(claims, self._secret, "HS256")
        return self._session().post(
            f"{self._origin}/checkout/redeem",
            json={"reward": str(self._reward_id), "key": f"bench-{customer_id:06}", "locale": "en"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False
        return session


def _tell(told: Sequence[Ask], rate: float) -> bool:
    """Print what was measured; return whether a bar was missed."""
    failed = Counter(each.status for each in told if not each.has_code)
    missed = bool(failed)
    for surface in ("widget", "checkout", "all"):
        waits = [each.waited_ms for each in told if surface in (each.surface, "all")]
        percentiles = statistics.quantiles(waits, n=100)
        p50, p95, p99 = (percentiles[place - 1] for place in (50, 95, 99))
        print(
            f"{surface}: {len(waits)} at {rate:.0f} a second,"
            f" p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, worst {max(waits):.0f} ms"
        )
        missed |= p95 >= P95_MS_MAX
    if failed:
        print(f"Without a code: {dict(failed)}")
    print(f"Load {os.getloadavg()[0]:.1f}.", "The bar was missed." if missed else "")
    return missed


def _processor_ms(installed: Installation) -> dict[str, float]:
    """Return the processor time of the app and of PostgreSQL on this machine so far (Linux).

    What ended counts as its parent's children: a server's worker, a backend. A backend's title lies
    where its environment was, and names the database, too.
    """
    name = make_url(installed.environment["DATABASE_URL"]).database or ""
    spent = {"server": 0.0, "worker": 0.0, "PostgreSQL": server_seconds() * 1000}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
            if name.encode() not in environment or command.startswith(b"postgres:"):
                continue
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            ms = sum(map(int, fields[11:15])) * 1000 / os.sysconf("SC_CLK_TCK")
            spent["worker" if b"\0worker\0" in command else "server"] += ms
    return spent


def _is_clean(installed: Installation) -> bool:
    settings = installed.settings
    database = Database(settings.database_url)
    tenant = Tenant(program_id=installed.program_id, shop_id=installed.shop_id)
    with database.tenant(tenant) as session:
        found = verify_ledger(
            session, program_id=installed.program_id, ledger_key=settings.ledger_key
        )
    database.close()
    print("The ledger is clean." if not found else f"The ledger is not clean: {found[:3]}")
    return not found


if __name__ == "__main__":
    sys.exit(main())
