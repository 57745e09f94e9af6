"""Real purchases, told by webhooks over HTTP: every member ends with what they earned, to the point.

The development store holds CDNOW's orders and sends them to a server with a worker behind it; the
points are reckoned here once more, from the decimal text of the file and nothing else.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from app.db.session import Database, Tenant
from app.domain.program_rules import ProgramRules
from app.services.publish_rules import publish_rules
from app.services.save_tiers import TierDraft, save_tiers
from app.services.verify_ledger import verify_ledger
from app.settings import load_settings
from benchmarks.installation import PROJECT, free_port, start, stop, wait_for

BEFORE_CDNOW = datetime(1990, 1, 1, tzinfo=UTC)
FIRST_CUSTOMER_ID = 7_200_000_000_000
RULES = ProgramRules(pending_days=0, expiry_months=None, sign_up_points=0)

SHORT, WHOLE = 2_000, 69_659


@dataclass
class Town:
    """A development store, a server and a worker, each a process of its own."""

    environment: dict[str, str]
    data: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def run(self, *words: str, limit_s: float) -> str:
        """Run one of the project's commands to its end; return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=PROJECT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def replay(self, path: Path, limit: int, *disorder: str) -> str:
        """Send the first `limit` purchases of the file."""
        return self.run(
            *("devstore.history", "replay", "--cdnow", str(path), "--limit", str(limit)),
            *("--data", str(self.data), "--currency", "USD", *disorder),
            limit_s=1800,
        )

    def query(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def wait_until_drained(self, limit_s: float) -> None:
        ends = time.monotonic() + limit_s
        while self.query("select 1 from webhook_event where state = 0 limit 1"):
            assert time.monotonic() < ends, "The inbox is not empty in time."
            time.sleep(0.2)

    def wait_until_past_is_read(self, limit_s: float) -> None:
        """Until then there is nothing that orders could be compared with."""
        ends = time.monotonic() + limit_s
        while not self.query("select 1 from shop where reconciled_through is not null"):
            assert time.monotonic() < ends, "The past is not read in time."
            time.sleep(0.2)


@pytest.fixture
def town(new_database, tmp_path):
    app_port, store_port = free_port(), free_port()
    store_url = f"http://127.0.0.1:{store_port}"
    environment = {
        "DATABASE_URL": new_database(),
        "SHOPIFY_CLIENT_ID": "client-of-the-replay",
        "SHOPIFY_CLIENT_SECRET": "secret-of-the-replay-long-enough-for-hs256",
        "APP_URL": f"http://127.0.0.1:{app_port}",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LEDGER_KEY": "5a" * 32,
        "SHOPIFY_ORIGIN_TEMPLATE": store_url + "/shop/{shop}",
        "SHOPIFY_CDN": store_url + "/cdn",
        "ADMIN_ORIGINS": store_url,
        "CLOCK_URL": store_url + "/clock",
        "PORT": str(app_port),
        "DEVSTORE_PORT": str(store_port),
    }
    town = Town(environment, tmp_path / "store")
    try:
        for port, words in (
            (store_port, ("devstore", "--currency", "USD", "--data", str(town.data))),
            (app_port, ("app.cli", "server")),
        ):
            process = start([sys.executable, "-m", *words], environment)
            town.processes.append(process)
            wait_for(port, process)
        town.processes.append(start([sys.executable, "-m", "app.cli", "worker"], environment))
        yield town
    finally:
        for process in reversed(town.processes):
            stop(process)


def point_a_dollar_since_before_cdnow(town: Town) -> Tenant:
    """Let the programme earn a point a dollar, without tiers' bonuses, expiry or waiting."""
    [(program_id, shop_id)] = town.query("select program_id, id from shop")
    town.query(f"update program set earning_starts_at = '{BEFORE_CDNOW}'")
    tenant = Tenant(program_id=program_id, shop_id=shop_id)
    database = Database(town.environment["DATABASE_URL"])
    with database.tenant(tenant) as session:
        publish_rules(
            session, program_id=program_id, rules=RULES, published_by="test", now=BEFORE_CDNOW
        )
        save_tiers(
            session,
            program_id=program_id,
            tiers=[TierDraft(id=None, name="All", threshold=0, multiplier_bp=10_000)],
            now=BEFORE_CDNOW,
        )
    database.close()
    return tenant


def reckoned(path: Path, limit: int) -> dict[int, int]:
    """Return points by customer: the whole dollars of each of their orders, summed."""
    points: Counter[int] = Counter()
    with path.open() as lines:
        for number, line in enumerate(lines):
            if number == limit:
                break
            customer, _, _, dollars = line.split()
            whole, _, cents = dollars.partition(".")
            assert len(cents) == 2
            points[FIRST_CUSTOMER_ID + int(customer)] += int(whole)
    return dict(points)


def awarded(town: Town) -> dict[int, int]:
    rows = town.query(
        "select identity.customer_id, coalesce(sum(award.points), 0)::bigint"
        " from member_identity identity left join award"
        " on award.member_id = identity.member_id and award.source_kind = 'order'"
        " group by identity.customer_id"
    )
    return {int(customer): int(points) for customer, points in rows}


def discrepancies(town: Town, tenant: Tenant) -> list:
    settings = load_settings(town.environment)
    database = Database(settings.database_url)
    with database.tenant(replace(tenant, shop_id=None), one_moment=True) as session:
        found = verify_ledger(session, program_id=tenant.program_id, ledger_key=settings.ledger_key)
    database.close()
    return found


def replay_and_compare(town: Town, path: Path, orders: int, *disorder: str) -> None:
    town.replay(path, 0)
    town.wait_until_past_is_read(60)
    tenant = point_a_dollar_since_before_cdnow(town)

    began = time.monotonic()
    said = town.replay(path, orders, *disorder)
    sent_s = time.monotonic() - began
    town.wait_until_drained(600)
    drained_s = time.monotonic() - began
    if disorder:
        town.run("app.cli", "reconcile", limit_s=3600)
        # The store still tells of what it was asked, such as the end of a bulk operation.
        town.wait_until_drained(60)
    sys.stdout.write(
        f"{said}Sent in {sent_s:.0f} s, drained after {drained_s:.0f} s:"
        f" {orders / drained_s:.0f} orders a second from end to end;"
        f" complete after {time.monotonic() - began:.0f} s.\n"
    )

    assert town.query("select state, count(*) from webhook_event where state <> 1 group by 1") == []
    assert awarded(town) == reckoned(path, orders)
    assert discrepancies(town, tenant) == []


DISORDER = ("--duplicate", "0.1", "--shuffle", "500", "--drop", "0.05")


def test_purchases_in_disorder_some_never_told_end_at_the_same_points(town, shared_data):
    replay_and_compare(town, shared_data / "CDNOW_master.txt", SHORT, *DISORDER)


@pytest.mark.soak
def test_all_of_cdnow_in_order(town, shared_data):
    replay_and_compare(town, shared_data / "CDNOW_master.txt", WHOLE)


@pytest.mark.soak
def test_all_of_cdnow_in_disorder(town, shared_data):
    replay_and_compare(town, shared_data / "CDNOW_master.txt", WHOLE, *DISORDER)
