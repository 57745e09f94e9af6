"""The app's Shopify side against a real development store, over HTTP."""

import dataclasses
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from app.container import Container
from app.flows.install import open_shop
from app.shopify.gateway import connect_shopify
from app.shopify.id_tokens import read_admin_token
from devstore.__main__ import QuietHandler
from devstore.services import Services, build_services
from devstore.settings import Settings as StoreSettings
from devstore.web import create_app
from devstore.webhooks.bodies import Bodies

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
        requests.post(f"{self.origin}/admin/faults", json=fault, timeout=5).raise_for_status()


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
