"""Merchants change rules, try them out as a draft and read receipts, in a whole installation."""

import re
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE, serious_findings
from tests.system.installation import PROJECT, installation

pytestmark = pytest.mark.browser

SLOW_MS = 60_000


@pytest.fixture(scope="module")
def running(new_database, tmp_path_factory, browser):
    """An installation with a few customers, whose orders of the past earned."""
    folder = tmp_path_factory.mktemp("installation")
    database_url = new_database()
    with installation(database_url, folder) as installed:
        _install(browser, installed.store_url)
        with psycopg.connect(database_url) as connection:
            connection.execute("update program set earning_starts_at = '2020-01-01'")
        _fill(installed, folder, database_url)
        yield installed


def _install(browser, store_url):
    page = browser.new_page()
    page.goto(f"{store_url}/admin/apps/regulars/")
    page.frame_locator("iframe").locator("s-page h1").first.wait_for(timeout=SLOW_MS)
    page.close()


def _fill(installed, folder, database_url):
    port = str(urlsplit(installed.store_url).port)
    command = [sys.executable, "-m", "devstore.history", "generate", "--customers", "6"]
    command += ["--months", "4", "--data", str(folder / "devstore")]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=installed.environment | {"DEVSTORE_PORT": port},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    with psycopg.connect(database_url, autocommit=True) as connection:
        waiting = "select count(*) from webhook_event where state = 0"
        for _attempt in range(600):
            if connection.execute(waiting).fetchone() == (0,):
                return
            connection.execute("select pg_sleep(0.1)")
    raise AssertionError("The history was not taken in.")


@pytest.fixture
def page(running, new_page):
    page = new_page(base_url=running.store_url, viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(SLOW_MS)
    return page


def open_app(page, path):
    page.goto(f"/admin/apps/regulars{path}")
    app = page.frame_locator("iframe")
    app.locator("s-page h1").first.wait_for()
    return app


def has_path(path):
    """Tell whether a request, or an address, is of `path`, in which frame ever."""
    return lambda asked: urlsplit(getattr(asked, "url", asked)).path == path


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def unfold(app, heading):
    app.locator("summary").filter(has_text=heading).click()


def test_every_kind_of_setting_is_saved_by_keyboard_and_picker(page):
    app = open_app(page, "/programme")
    unfold(app, "What earns nothing")

    tags = app.get_by_role("textbox", name="Product tags that earn nothing")
    tags.press_sequentially("sale")
    tags.press("Enter")
    tags.press_sequentially("Outlet,")
    app.get_by_role("button", name="Choose collections").click()
    page.get_by_label("Soaps").check()
    page.get_by_role("button", name="Select").click()
    # What it does is said before anything is saved.
    expect(app.get_by_text("Nothing is earned by “Soaps”")).to_be_visible()
    save(page)

    expect(page.locator(".toast").last).to_contain_text("Saved")
    app = open_app(page, "/programme")
    unfold(app, "What earns nothing")
    for kept in ("sale", "Outlet", "Soaps"):
        expect(app.get_by_role("button", name=f"Remove {kept}")).to_be_visible()

    app.get_by_role("button", name="Remove sale").press("Enter")
    app.get_by_role("button", name="Remove Outlet").press("Enter")
    app.get_by_role("button", name="Remove Soaps").press("Enter")
    save(page)
    expect(page.locator(".toast").last).to_contain_text("Saved")


def test_a_refused_form_opens_what_is_wrong_and_keeps_the_rest(page):
    app = open_app(page, "/programme")
    unfold(app, "Refunds and unused codes")
    app.get_by_label("Days that a code can be used").fill("0")
    unfold(app, "Refunds and unused codes")
    app.get_by_label("Points for signing up").fill("75")

    save(page)

    expect(app.get_by_text("Nothing was saved yet")).to_be_visible()
    wrong = app.get_by_label("Days that a code can be used")
    expect(wrong).to_have_accessible_description("Choose 1 to 365 days.")
    expect(app.get_by_label("Points for signing up")).to_have_value("75")
    page.get_by_role("button", name="Discard").click()
    expect(app.get_by_label("Points for signing up")).to_have_value("50")


def test_a_draft_is_compared_and_published(page):
    app = open_app(page, "/programme")
    app.get_by_label("Customers earn this many points").fill("2")
    app.get_by_role("button", name="Save as draft").click()

    expect(app.get_by_text("What this draft changes")).to_be_visible()
    expect(app.get_by_text("2 points for every ฿25")).to_be_visible()
    app.get_by_role("button", name="Compare with the live rules").click()
    expect(app.get_by_text("Who gains and who loses")).to_be_visible()
    expect(app.get_by_text(re.compile(r"orders? from .* to "))).to_be_visible()
    assert serious_findings(page.frames[1]) == []

    app.get_by_role("button", name="Publish", exact=True).click()
    expect(app.get_by_text("They count for orders placed from the moment")).to_be_visible()
    app.get_by_role("button", name="Publish from now on").click()

    expect(page.get_by_text("Rules published")).to_be_visible()
    expect(app.get_by_label("Customers earn this many points")).to_have_value("2")


def test_a_draft_is_discarded_and_the_live_rules_stay(page):
    app = open_app(page, "/programme")
    before = app.get_by_label("Customers earn this many points").input_value()
    app.get_by_label("Customers earn this many points").fill("9")
    app.get_by_role("button", name="Save as draft").click()

    app.get_by_role("button", name="Discard", exact=True).click()
    app.get_by_role("button", name="Discard the draft").click()

    expect(page.get_by_text("Draft discarded")).to_be_visible()
    expect(app.get_by_label("Customers earn this many points")).to_have_value(before)


def test_a_receipt_is_opened_by_keyboard(page):
    app = open_app(page, "/postings/issued")
    order = app.locator(".ledger-what").filter(has_text=re.compile(r"^\s*Order #\d+\s*$"))
    entry = app.locator(".ledger-entry").filter(has=order).first
    summary = entry.locator("summary")
    summary.focus()

    summary.press("Enter")

    expect(entry.get_by_text(re.compile("for every ฿25"))).to_be_visible()
    expect(entry.get_by_text(re.compile(r"by version \d+ of the rules"))).to_be_visible()
    assert serious_findings(page.frames[1]) == []
    entry.get_by_role("link", name="Show the member").click()
    expect(app.get_by_role("button", name="Adjust points").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "path", ["/programme", "/tiers", "/members", "/postings/issued", "/rewards"]
)
def test_pages_fit_their_window_and_are_accessible(page, path, width):
    assert AXE.exists()
    page.set_viewport_size({"width": width, "height": 900})
    open_app(page, path)
    frame = page.frames[1]
    frame.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    frame.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")

    assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious_findings(frame) == []


def test_tiers_are_published_by_keyboard_after_a_look_at_who_moves(page, running):
    app = open_app(page, "/tiers")
    gold = app.locator("details.tier").nth(2)
    gold.locator("summary").press("Enter")
    gold.get_by_role("spinbutton", name="From").fill("700")
    silver = app.locator("details.tier").nth(1)
    silver.locator("summary").press("Enter")
    silver.get_by_role("spinbutton", name="From").fill("500")
    gold.get_by_role("textbox", name="Customer tag in Shopify").fill("regulars-gold")
    gold.get_by_role("checkbox", name="Every order ships for free").check()
    save(page)

    expect(app.get_by_role("heading", name="Before you publish")).to_be_visible()
    expect(app.get_by_text(re.compile(r"\d+ members? moves? up, 0 down\."))).to_be_visible()
    assert serious_findings(page.frames[1]) == []
    app.get_by_role("button", name="Go on editing").press("Enter")
    expect(app.locator("details.tier").nth(2).locator("summary")).to_contain_text("700")
    app.get_by_role("button", name="Publish").press("Enter")
    app.get_by_role("button", name="Go on editing").wait_for()
    app.get_by_role("button", name="Publish").press("Enter")

    expect(app.get_by_role("heading", name="Members now")).to_be_visible()
    expect(page.get_by_text("Unsaved changes")).to_be_hidden()
    link = app.get_by_role("link", name="Gold")
    expect(app.locator(".tier-counts > div").nth(2).locator("dd")).not_to_have_text("0")
    link.click()
    app.locator("s-table-row s-link").first.click()
    expect(app.get_by_text("The tiers were changed").first).to_be_visible()


def test_a_link_is_followed_though_the_page_was_just_looking_for_news(page):
    app = open_app(page, "/tiers")
    looks = []

    def answer_the_look_first(route):
        looks[0].fulfill(body="<p>Nothing is under way any more.</p>", content_type="text/html")
        route.continue_()

    page.route(has_path("/tiers"), lambda route: looks.append(route))
    page.route(has_path("/members"), answer_the_look_first)
    with page.expect_request(has_path("/tiers")):
        page.frames[1].evaluate(
            """() => {
              document.getElementById("tier-counts").dataset.poll = "1";
              document.dispatchEvent(new Event("turbo:load"));
            }"""
        )
    app.get_by_role("link", name="Gold").click()

    expect(app.get_by_role("heading", name="Members", exact=True)).to_be_visible()
    assert len(looks) == 1


def test_a_tier_by_invitation_asks_for_no_threshold(page):
    app = open_app(page, "/tiers")
    app.get_by_role("button", name="Add a tier").press("Enter")
    new = app.locator("details.tier").last
    expect(new.get_by_role("spinbutton", name="From")).to_be_visible()

    new.get_by_label("Who is in it").select_option("invitation")
    expect(new.get_by_role("spinbutton", name="From")).to_be_hidden()
    new.get_by_label("Who is in it").select_option("tag")
    expect(new.get_by_role("textbox", name="Which tag")).to_be_visible()

    app.get_by_label("Customers climb by").select_option("orders")
    expect(
        app.locator("details.tier").first.locator("s-number-field[suffix=orders]")
    ).to_have_count(1)


def test_a_merchant_lets_the_app_see_all_orders_and_they_are_read(page, running):
    app = open_app(page, "/past-orders")
    asks = app.get_by_role("button", name="Let it see all orders")
    limit = app.get_by_text("the orders of the last 60 days only")

    asks.click()
    page.get_by_role("button", name="Decline").click()
    expect(limit).to_be_visible()
    asks.click()
    page.get_by_role("button", name="Allow").click()

    with psycopg.connect(running.environment["DATABASE_URL"], autocommit=True) as connection:
        read = "select count(*) from history_import where sees_all_orders and state = 'done'"
        for _attempt in range(600):
            if connection.execute(read).fetchone() == (1,):
                break
            connection.execute("select pg_sleep(0.1)")
    app = open_app(page, "/past-orders")
    expect(app.get_by_text("orders were read")).to_be_visible()
    expect(limit).to_have_count(0)


def test_the_app_says_so_where_shopify_does_not_let_it_ask(page):
    app = open_app(page, "/past-orders")
    app.locator("body").evaluate(
        """() => {
          shopify.scopes.request = () => Promise.reject(new Error("not approved"));
          document.body.insertAdjacentHTML("beforeend", `<s-button data-ask-scope="read_all_orders"
            data-refused="refused">Ask</s-button><p id="refused" hidden>Not yet</p>`);
        }"""
    )

    app.get_by_role("button", name="Ask").click()

    expect(app.get_by_text("Not yet")).to_be_visible()
