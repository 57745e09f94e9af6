"""The app's Shopify side against a real development store, over HTTP."""

import dataclasses
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from app import clock
from app.bootstrap import create_intake
from app.container import Container
from app.db.session import Tenant
from app.domain.program_rules import ProgramRules
from app.flows.install import open_shop
from app.services.publish_rules import publish_rules
from app.services.save_tiers import TierDraft, save_tiers
from app.shopify.gateway import connect_shopify
from app.shopify.id_tokens import read_admin_token
from devstore.__main__ import QuietHandler
from devstore.services import Services, build_services
from devstore.settings import Settings as StoreSettings
from devstore.web import create_app
from devstore.webhooks.bodies import Bodies
from tests.app.with_devstore.telling import TellingShop, backwards, twice_and_mixed

pytest.register_assert_rewrite("tests.app.with_devstore.settled")

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Running:
    """A served development store; `body` is what its webhooks would carry."""

    services: Services
    origin: str

    @property
    def store(self):
        return self.services.store

    def body(self, topic, subject):
        store = self.store
        return Bodies(store.shop, store.customers.get, store.orders)(topic, subject)

    def fail(self, operation, kind, **more):
        fault = {"operation": operation, "kind": kind} | more
        requests.post(f"{self.origin}/admin/faults", json=fault, timeout=60).raise_for_status()

    def heal(self):
        requests.delete(f"{self.origin}/admin/faults", timeout=60).raise_for_status()

    def let_late_calls_end(self):
        while requests.get(f"{self.origin}/admin/faults/held-back", timeout=60).json()["calls"]:
            time.sleep(0.05)


@pytest.fixture
def start_store(tmp_path, installation_settings):
    stops = []

    def start(**changes):
        services = build_services(
            StoreSettings(
                installation_settings.shopify_client_id,
                installation_settings.shopify_client_secret,
                data=tmp_path / f"store{len(stops)}",
                extensions=ROOT / "extensions",
                app_toml=ROOT / "shopify.app.toml",
                **changes,
            )
        )
        server = make_server(
            "127.0.0.1", 0, create_app(services), threaded=True, request_handler=QuietHandler
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()

        def stop():
            server.shutdown()
            thread.join()
            server.server_close()

        stops.append(stop)
        return Running(services, f"http://127.0.0.1:{server.server_port}")

    yield start
    for stop in stops:
        stop()


@pytest.fixture
def running(start_store):
    return start_store()


@pytest.fixture
def parts(running, installation_settings, installation_database, recorded_jobs, empty_database):
    """Replace the obeying Shopify by the development store."""
    settings = dataclasses.replace(
        installation_settings, shopify_origin_template=f"{running.origin}/shop/{{shop}}"
    )
    return Container(
        settings=settings,
        database=installation_database,
        jobs=recorded_jobs,
        shopify=connect_shopify(settings),
    )


@pytest.fixture
def opened(parts, running):
    token = read_admin_token(running.store.tokens.id_token(), parts.settings)
    return open_shop(parts, token)


@pytest.fixture
def customer(running):
    return running.store.customers.create(first_name="Mali", email="mali@example.com")


@pytest.fixture
def buyer(enrol, customer):
    return enrol(customer.id, 1_000)


DELIVERIES = {
    "in order": {},
    "backwards": {"at_once": False, "shuffled": backwards},
    "twice and mixed": {"at_once": False, "shuffled": twice_and_mixed, "batch": 3},
}


@pytest.fixture(params=DELIVERIES)
def delivery(request):
    """How webhooks arrive."""
    return DELIVERIES[request.param]


@pytest.fixture
def shop(start_store, installation_settings, installation_database, recorded_jobs, empty_database):
    """Return a function that opens a shop that sells in US dollars and tells the app of it.

    A point a dollar, 14 days pending, nothing for signing up, no tier that multiplies.
    """
    opened_intakes = []

    def open_telling_shop(delivery=None, rules=None, **changes):
        running = start_store(**({"currency": "USD"} | changes))
        settings = dataclasses.replace(
            installation_settings, shopify_origin_template=f"{running.origin}/shop/{{shop}}"
        )
        parts = Container(
            settings=settings,
            database=installation_database,
            jobs=recorded_jobs,
            shopify=connect_shopify(settings),
        )
        running.store.installation.install()
        token = read_admin_token(running.store.tokens.id_token(), parts.settings)
        opened = open_shop(parts, token)
        tenant = Tenant(program_id=opened.program_id, shop_id=opened.shop_id)
        make_it_plain(parts, tenant, rules or ProgramRules(sign_up_points=0))
        intake = create_intake(parts)
        opened_intakes.append(intake)
        telling = TellingShop(running.services, parts, tenant, intake, **(delivery or {}))
        telling.later(minutes=5)
        return telling

    yield open_telling_shop
    for intake in opened_intakes:
        intake.close()
    clock.set_offset(timedelta(0))


@pytest.fixture
def town(shop, delivery):
    """A plain shop, which tells the app of what happens in each of the ways."""
    return shop(delivery)


@pytest.fixture
def mali(town):
    """A customer of the town, of whom the app was told."""
    customer = town.customer()
    town.tell()
    return customer


def make_it_plain(parts, tenant, rules):
    """Let the programme have these rules and one tier for all."""
    with parts.database.tenant(tenant) as session:
        publish_rules(
            session,
            program_id=tenant.program_id,
            rules=rules,
            published_by="test",
            now=clock.utc_now(),
        )
        tiers = [TierDraft(name="All", threshold=0, multiplier_bp=10_000)]
        save_tiers(session, program_id=tenant.program_id, tiers=tiers, now=clock.utc_now())
