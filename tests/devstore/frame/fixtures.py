"""A running store with its admin, a fake app inside it, and a browser to look at both."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from devstore.services import Services, build_services
from devstore.settings import Settings
from devstore.web import create_app
from tests.devstore.frame.fake_app import CLIENT_ID, CLIENT_SECRET, FakeApp, flask_app

ROOT = Path(__file__).parents[3]


class QuietHandler(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Admin:
    """A running store, its address, and the fake app inside it."""

    url: str
    services: Services
    app: FakeApp


def node_file(path: str) -> Path | None:
    """Return a file of an npm package, or None where it is not installed."""
    file = ROOT / "node_modules" / path
    return file if file.is_file() else None


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port of the loopback; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    # Looks often whether to stop: the standard half second would be most of a short test.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


@contextmanager
def running_admin(folder: Path) -> Iterator[Admin]:
    """Run a store with a fake app inside it."""
    fake = FakeApp(devstore="", turbo=node_file("@hotwired/turbo/dist/turbo.es2017-umd.js"))
    with serving(flask_app(fake)) as app_url:
        settings = Settings(
            CLIENT_ID,
            CLIENT_SECRET,
            app_url=app_url,
            data=folder,
            extensions=ROOT / "extensions",
            app_toml=ROOT / "shopify.app.toml",
        )
        services = build_services(settings)
        with serving(create_app(services)) as url:
            fake.devstore = url
            yield Admin(url, services, fake)
        services.store.close()


@pytest.fixture
def admin(tmp_path):
    """A store of one test's own, with the fake app."""
    with running_admin(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium: the system's, or Playwright's own."""
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    arguments = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=arguments)
        yield browser
        browser.close()


@contextmanager
def checked_page(browser: Browser, width: int = 1280) -> Iterator[Page]:
    """Open a page that fails the test when a script on it fails."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_default_timeout(30_000)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert failures == []


@pytest.fixture
def page(chromium):
    """A page 1280 pixels wide."""
    with checked_page(chromium) as opened:
        yield opened


@pytest.fixture
def phone(chromium):
    """A page as wide as a phone."""
    with checked_page(chromium, width=390) as opened:
        yield opened


def needs_turbo() -> None:
    """Skip the test where Turbo is not installed."""
    if node_file("@hotwired/turbo/dist/turbo.es2017-umd.js") is None:
        pytest.skip("@hotwired/turbo is not installed: npm install brings it")


def serious_findings(page: Page) -> list[str]:
    """Return axe's serious and critical findings; skip where axe is not installed."""
    axe = node_file("axe-core/axe.min.js")
    if axe is None:
        pytest.skip("axe-core is not installed: npm install brings it")
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['target']}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
