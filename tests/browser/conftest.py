"""One Chromium for each module of browser tests, and a page of its own for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from tests.browser.whole_store import books, running, shopper  # noqa: F401 - fixtures
from tests.slowness import slowness

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
WAIT_MS = 30_000

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Playwright's own Chromium where it is installed, else the system's; one for each module.

    Playwright runs once at a time, and modules that start it themselves stand beside these.
    """
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = str(own) if own.exists() else shutil.which("chromium")
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages with cookies and storage of their own; an error in a page's script fails the test.

    Options are those of Playwright's `new_context`.
    """
    errors: list[str] = []
    contexts = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        slowness.slow_down(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page

    for context in contexts:
        context.close()
    assert errors == []


def serious_findings(page: Page | Frame) -> list[str]:
    """Return what axe finds serious or critical on the page, shadow roots included."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
