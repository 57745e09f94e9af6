"""Points for past orders in a browser: read, previewed, confirmed, watched, given."""

import re
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from app.db.queries.work_waiting import installed_shops
from app.db.session import Database
from app.flows.turns import turn
from tests.browser.conftest import serious_findings
from tests.system.installation import PROJECT, installation

pytestmark = pytest.mark.browser

SETTLED_MS = 60_000


@pytest.fixture(scope="module")
def running(new_database, tmp_path_factory):
    """An installation whose store has a history that nobody told the app of."""
    folder = tmp_path_factory.mktemp("installation")
    with installation(
        new_database(), folder, store_options=["--grant-optional-scopes"]
    ) as installed:
        subprocess.run(
            [
                *[sys.executable, "-m", "devstore.history", "generate", "--quiet"],
                *["--customers", "40", "--data", str(folder / "devstore")],
            ],
            cwd=PROJECT,
            env=installed.environment,
            check=True,
            capture_output=True,
        )
        yield installed


@pytest.fixture
def page(new_page, running):
    page = new_page(base_url=running.store_url, viewport={"width": 1280, "height": 900})
    page.set_default_navigation_timeout(SETTLED_MS)
    return page


def open_past_orders(page):
    page.goto("/admin/apps/regulars/past-orders")
    app = page.frame_locator("iframe")
    expect(app.get_by_role("heading", name="Points for past orders")).to_be_visible(
        timeout=SETTLED_MS
    )
    return app


@contextmanager
def the_worker_waits(running):
    """Keep the worker from the back-fill, as another that is busy with it would."""
    database = Database(running.environment["DATABASE_URL"])
    with closing(database):
        with database.sweep() as session:
            [shop_id] = installed_shops(session)
        with turn(database, f"backfill:{shop_id}") as is_ours:
            yield is_ours


def test_past_orders_are_previewed_confirmed_watched_and_rewarded(page, running):
    app = open_past_orders(page)
    expect(app.get_by_text(re.compile(r"orders were read, the oldest of"))).to_be_visible(
        timeout=SETTLED_MS
    )
    long_ago = (datetime.now(UTC) - timedelta(days=700)).date().isoformat()
    app.get_by_label("Orders since").fill(long_ago)

    app.get_by_role("button", name="See what it would cost").click()

    give = app.get_by_role("button", name="Give these points")
    expect(give).to_be_visible(timeout=SETTLED_MS)
    expect(app.get_by_text("Members who get points")).to_be_visible()
    assert serious_findings(page) == []
    give.click()
    with the_worker_waits(running) as is_ours:
        app.get_by_role("button", name="Give the points").click()
        progress = app.locator("#granting")
        expect(progress).to_contain_text(re.compile(r"0 of \d+ orders"), timeout=SETTLED_MS)
        expect(app.get_by_role("button", name="Stop here")).to_be_visible()
    assert is_ours
    expect(app.get_by_text("The points were given")).to_be_visible(timeout=SETTLED_MS)
    expect(app.get_by_text("Given so far")).to_be_visible()
    proof = running.command("verify-ledger")
    assert proof.returncode == 0, proof.stdout + proof.stderr


def test_orders_are_compared_when_asked(page, running):
    app = open_past_orders(page)

    app.get_by_role("button", name="Compare now").click()

    expect(app.get_by_text(re.compile("Compared at"))).to_be_visible(timeout=SETTLED_MS)
    told = running.command("reconcile", "--shop", "regulars-demo.myshopify.com")
    assert told.returncode == 0
    assert "1 shops reconciled." in told.stdout
    unknown = running.command("reconcile", "--shop", "nobody.myshopify.com")
    assert unknown.returncode == 1
    assert "not installed at nobody.myshopify.com" in unknown.stderr
