"""One member asks for more than the points buy, from many sides at once, over HTTP.

The server runs in two processes and a worker beside it, as in production; Shopify is the
development store.
"""

import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests

from app.bootstrap import create_container
from app.clock import utc_now
from app.container import Container
from app.db.models import Member, Redemption
from app.db.queries.members import member_of_customer
from app.db.session import Tenant
from app.domain.program_rules import ProgramRules
from app.flows.install import open_shop
from app.services.adjust_points import adjust_points
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.services.publish_rules import publish_rules
from app.services.save_reward import save_reward
from app.services.verify_ledger import verify_ledger
from app.settings import load_settings
from app.shopify.id_tokens import read_admin_token
from app.shopify.proxy_signature import sign_proxy_query
from tests.system.installation import Installation, installation

SHOP = "regulars-demo.myshopify.com"
ASKS = 200
SAME_KEY_ASKS = 100
COST = 100
SETTLED_S = 120


@dataclass
class Shop:
    """The running installation, and the app's own parts beside it for looking and arranging."""

    running: Installation
    parts: Container
    tenant: Tenant
    reward_ids: list[int]

    def member(self, points: int) -> "Shopper":
        """Bring a customer with so many points."""
        made = requests.post(
            f"{self.running.store_url}/admin/customers/new",
            data={"first_name": "Mali"},
            allow_redirects=False,
            timeout=30,
        )
        customer_id = int(made.headers["Location"].split("?")[0].rpartition("/")[2])
        now, key = utc_now(), self.parts.settings.ledger_key
        with self.parts.database.tenant(self.tenant) as session:
            enrol_customers(
                session,
                shop_id=self.tenant.shop_id,
                program_id=self.tenant.program_id,
                customers=[
                    CustomerState(
                        customer_id=customer_id,
                        created_at=now,
                        updated_at=now - timedelta(days=1),
                        personal=PersonalData(name=None, email=None, email_hash=None),
                    )
                ],
                now=now,
                ledger_key=key,
            )
            member_id = member_of_customer(session, self.tenant.shop_id, customer_id)
            adjust_points(
                session,
                program_id=self.tenant.program_id,
                member_id=member_id,
                points=points,
                key="start",
                actor="system",
                note=None,
                now=now,
                ledger_key=key,
            )
        return Shopper(shop=self, customer_id=customer_id, member_id=member_id)

    def codes_made(self) -> int:
        """Return how many codes the store has."""
        path = self.running.logs / "devstore" / "store.sqlite3"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
            return store.execute("select count(*) from discount").fetchone()[0]


@dataclass
class Shopper:
    """A member at the widget."""

    shop: Shop
    customer_id: int
    member_id: int

    def ask_at_once(self, asks: list[tuple[int, str]]) -> list[requests.Response]:
        """Ask for rewards with their keys, all in the same moment."""
        gate = threading.Barrier(len(asks))

        def ask(reward_id: int, key: str) -> requests.Response:
            gate.wait()
            return self._redeem(reward_id, key)

        with ThreadPoolExecutor(len(asks)) as pool:
            return list(pool.map(lambda each: ask(*each), asks))

    def _redeem(self, reward_id: int, key: str) -> requests.Response:
        running = self.shop.running
        values = {
            "shop": [SHOP],
            "timestamp": [str(int(time.time()))],
            "logged_in_customer_id": [str(self.customer_id)],
            "reward": [str(reward_id)],
            "key": [key],
            "locale": ["en"],
        }
        secret = running.environment["SHOPIFY_CLIENT_SECRET"]
        values["signature"] = [sign_proxy_query(values, secret)]
        return requests.post(f"{running.app_url}/proxy/redeem", params=values, timeout=120)

    def redemptions(self) -> list[Redemption]:
        with self.shop.parts.database.tenant(self.shop.tenant) as session:
            query = session.query(Redemption).filter(Redemption.member_id == self.member_id)
            found = query.order_by(Redemption.id).all()
            session.expunge_all()
            return found

    def settled(self) -> list[Redemption]:
        """Return the redemptions once the worker has ended what a slow answer left open."""
        deadline = time.monotonic() + SETTLED_S
        while any(row.state == "held" for row in self.redemptions()):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        return self.redemptions()

    def balances(self) -> tuple[int, int]:
        with self.shop.parts.database.tenant(self.shop.tenant) as session:
            member = session.get_one(Member, self.member_id)
            return member.available, member.held


@pytest.fixture(scope="module")
def shop(new_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("redeeming")
    with installation(new_database(), folder, server_processes=2) as running:
        parts = create_container(load_settings(os.environ | running.environment))
        opened = open_shop(parts, read_admin_token(_id_token(running), parts.settings))
        tenant = Tenant(program_id=opened.program_id, shop_id=opened.shop_id)
        yield Shop(running, parts, tenant, _five_rewards(parts, tenant))
        parts.database.close()


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="once"), pytest.param(20, id="often", marks=pytest.mark.soak)]
)
def test_of_200_asks_at_once_exactly_as_many_succeed_as_the_points_pay_for(shop, times):
    for _ in range(times):
        made_before = shop.codes_made()
        shopper = shop.member(points=3 * COST + COST // 2)
        asks = [(shop.reward_ids[n % 5], f"ask-number-{n}") for n in range(ASKS)]

        answers = shopper.ask_at_once(asks)

        given = [each for each in answers if each.status_code in (200, 202)]
        refused = [each.json()["error"]["code"] for each in answers if each not in given]
        assert len(given) == 3
        assert refused == ["not_enough_points"] * (ASKS - 3)
        assert [row.state for row in shopper.settled()] == ["ready"] * 3
        assert shopper.balances() == (COST // 2, 3 * COST)
        assert shop.codes_made() == made_before + 3
        assert_ledger_is_clean(shop)


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="once"), pytest.param(20, id="often", marks=pytest.mark.soak)]
)
def test_of_100_asks_with_one_key_all_get_the_same_one_code(shop, times):
    for _ in range(times):
        made_before = shop.codes_made()
        shopper = shop.member(points=10 * COST)

        answers = shopper.ask_at_once([(shop.reward_ids[0], "the-same-key")] * SAME_KEY_ASKS)

        assert {each.status_code for each in answers} <= {200, 202}
        [row] = shopper.settled()
        told: list[dict[str, Any]] = [each.json()["redemption"] for each in answers]
        assert {each["id"] for each in told} == {str(row.id)}
        assert len({each["code"] for each in told if "code" in each}) <= 1
        assert row.state == "ready"
        assert shopper.balances() == (9 * COST, COST)
        assert shop.codes_made() == made_before + 1
        assert_ledger_is_clean(shop)


def assert_ledger_is_clean(shop):
    with shop.parts.database.tenant(shop.tenant) as session:
        key = shop.parts.settings.ledger_key
        assert verify_ledger(session, program_id=shop.tenant.program_id, ledger_key=key) == []


def _five_rewards(parts: Container, tenant: Tenant) -> list[int]:
    """Let nothing else give points, and return five rewards that cost the same."""
    published = utc_now()
    with parts.database.tenant(tenant) as session:
        publish_rules(
            session,
            program_id=tenant.program_id,
            rules=ProgramRules(sign_up_points=0),
            published_by="test",
            now=published,
        )
        # Webhooks tell the second in which a customer signed up: let none be before the rules.
        while utc_now().replace(microsecond=0) <= published:
            time.sleep(0.05)
        return [
            save_reward(
                session,
                program_id=tenant.program_id,
                reward_id=None,
                type="amount_off",
                points=COST,
                config={"amount_minor": 1_000 + number},
                active=True,
                now=utc_now(),
            )
            for number in range(5)
        ]


def _id_token(running: Installation) -> str:
    now = int(time.time())
    claims = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": running.environment["SHOPIFY_CLIENT_ID"],
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "a",
        "sid": "b",
    }
    return jwt.encode(claims, running.environment["SHOPIFY_CLIENT_SECRET"], "HS256")
