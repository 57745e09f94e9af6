"""A development store on a free port, asked over real HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, request
from werkzeug.serving import make_server

from devstore.__main__ import QuietHandler
from devstore.services import Services, build_services
from devstore.settings import Settings
from devstore.store import CartLine, Customer, Order, Store
from devstore.web import create_app

ROOT = Path(__file__).parents[2]
CLIENT_ID = "test-client"
CLIENT_SECRET = "test-secret-of-more-than-32-bytes-0123456789"


@dataclass(frozen=True)
class Running:
    """A served development store and the words tests need to use it."""

    services: Services
    origin: str

    @property
    def store(self) -> Store:
        return self.services.store

    @property
    def shop_url(self) -> str:
        return f"{self.origin}/shop/{self.store.shop.domain}"

    def token_request(self, **fields: str) -> requests.Response:
        form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **fields}
        return requests.post(f"{self.shop_url}/admin/oauth/access_token", data=form, timeout=60)

    def exchange(self, id_token: str | None = None, expiring: str = "1") -> requests.Response:
        return self.token_request(
            grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token=self.store.tokens.id_token() if id_token is None else id_token,
            subject_token_type="urn:ietf:params:oauth:token-type:id_token",
            requested_token_type="urn:shopify:params:oauth:token-type:offline-access-token",
            expiring=expiring,
        )

    def ask(self, text: str, token: str | None = None, **variables: Any) -> requests.Response:
        token = token or self.exchange().json()["access_token"]
        return requests.post(
            f"{self.shop_url}/admin/api/2026-10/graphql.json",
            json={"query": text, "variables": variables},
            headers={"X-Shopify-Access-Token": token},
            timeout=60,
        )

    def data(self, text: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        answer = self.ask(text, token, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def customer(self, name: str = "Mali") -> Customer:
        return self.store.customers.create(first_name=name, email=f"{name}@example.com")

    def order(self, customer: Customer | None = None, quantity: int = 2, **more: Any) -> Order:
        variant = self.store.products.all()[0].variants[0]
        buyer_id = customer.id if customer else None
        return self.store.orders.place(buyer_id, [CartLine(variant.id, quantity)], **more)


@pytest.fixture
def start_store(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start development stores with the settings that are given."""
    stops = []

    def start(**settings: Any) -> Running:
        services = build_services(
            Settings(
                CLIENT_ID,
                CLIENT_SECRET,
                data=tmp_path / f"store{len(stops)}",
                extensions=ROOT / "extensions",
                app_toml=ROOT / "shopify.app.toml",
                **settings,
            )
        )
        server = make_server(
            "127.0.0.1", 0, create_app(services), threaded=True, request_handler=QuietHandler
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        services.sender.start()

        def stop() -> None:
            server.shutdown()
            thread.join()
            server.server_close()
            services.sender.stop()

        stops.append(stop)
        return Running(services, f"http://127.0.0.1:{server.server_port}")

    yield start
    for stop in stops:
        stop()


@pytest.fixture
def running(start_store: Callable[..., Running]) -> Running:
    """A development store as it starts by default."""
    return start_store()


@dataclass
class Intake:
    """What arrived, and the statuses to answer with, the last one for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def topics(self) -> list[str]:
        return [headers["X-Shopify-Topic"] for headers, _ in self.arrived]

    def wait_for(self, count: int, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while len(self.arrived) < count:
            assert time.monotonic() < deadline, f"{len(self.arrived)} of {count} arrived"
            time.sleep(0.01)


@pytest.fixture
def intake() -> Iterator[Intake]:
    app, taken = Flask("intake"), Intake()
    lock = threading.Lock()

    @app.post("/webhooks")
    def webhooks() -> tuple[str, int]:
        with lock:
            taken.arrived.append((dict(request.headers), request.get_data()))
            status = taken.statuses.pop(0) if len(taken.statuses) > 1 else taken.statuses[0]
        return "", status

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    taken.url = f"http://127.0.0.1:{server.server_port}"
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def installed(start_store: Callable[..., Running], intake: Intake) -> Running:
    """A store whose app is installed and takes webhooks."""
    running = start_store(app_url=intake.url, retry_seconds=0.05)
    running.store.installation.install()
    return running
