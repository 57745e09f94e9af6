"""Staff give tiers, keep birthdays and set out rewards, in a whole installation."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serious_findings
from tests.system.installation import installation
from tests.system.shopping import sign_up

pytestmark = pytest.mark.browser

SETTLED_S = 60
SETTLED_MS = SETTLED_S * 1_000


@pytest.fixture(scope="module")
def running(new_database, tmp_path_factory, browser):
    with installation(new_database(), tmp_path_factory.mktemp("installation")) as whole:
        page = browser.new_page()
        page.goto(f"{whole.store_url}/admin/apps/regulars/")
        page.frame_locator("iframe").locator("s-page h1").first.wait_for(timeout=SETTLED_MS)
        page.close()
        yield whole


@pytest.fixture
def page(running, new_page):
    page = new_page(base_url=running.store_url, viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(SETTLED_MS)
    return page


@pytest.fixture
def shopper(running, new_page, request):
    """Somebody who has just signed up at the store, in a browser of their own."""
    page = new_page(base_url=running.store_url, viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(SETTLED_MS)
    sign_up(page, f"{request.node.name}@example.com")
    return page


def open_app(page, path):
    page.goto(f"/admin/apps/regulars{path}")
    app = page.frame_locator("iframe")
    app.locator("s-page h1").first.wait_for()
    return app


def open_newest_member(page):
    """Open the page of whoever signed up last, once the app has heard of them."""
    deadline = time.monotonic() + SETTLED_S
    while not (app := open_app(page, "/members")).locator("s-table-row s-link").count():
        assert time.monotonic() < deadline, "The app has not heard of anybody."
    app.locator("s-table-row s-link").first.click()
    expect(app.get_by_role("button", name="Save the birthday")).to_be_visible()
    return app


def give_tier(page, app, name):
    app.get_by_role("button", name="Give a tier").click()
    modal = app.locator("s-modal#pin")
    modal.get_by_label("Tier", exact=True).select_option(label=name)
    modal.get_by_role("textbox", name="Why").fill("A friend of the house")
    modal.get_by_role("button", name="Give this tier").click()
    expect(page.locator(".toast").last).to_contain_text("Saved")


def test_a_tier_is_given_and_taken_back(page, shopper):
    app = open_newest_member(page)
    now = app.locator(".tier-now")
    expect(now).to_have_text("Bronze")

    give_tier(page, app, "Gold")

    expect(now).to_contain_text("Gold")
    expect(now).to_contain_text("Given by staff")
    assert serious_findings(page.frames[1]) == []

    app.get_by_role("button", name="Take the tier back").click()
    modal = app.locator("s-modal#unpin")
    modal.get_by_role("button", name="Take it back").click()
    expect(
        app.get_by_text("Say why, for whoever looks at this member later.").first
    ).to_be_visible()
    app.get_by_role("button", name="Take the tier back").click()
    modal.get_by_role("textbox", name="Why").fill("It was a mistake")
    modal.get_by_role("button", name="Take it back").click()

    expect(now).to_have_text("Bronze")
    expect(app.get_by_role("button", name="Take the tier back")).to_have_count(0)


def test_a_birthday_is_kept_and_forgotten(page, shopper):
    app = open_newest_member(page)
    birthday = app.get_by_role("textbox", name="Birthday")

    birthday.fill("31/2")
    birthday.press("Enter")
    expect(app.get_by_text("Enter day and month, such as 5/12.")).to_be_visible()
    birthday.fill("29/2")
    app.get_by_role("button", name="Save the birthday").click()
    expect(page.locator(".toast").last).to_contain_text("Saved")
    page.reload()

    expect(birthday).to_have_value("29/2")
    birthday.fill("")
    app.get_by_role("button", name="Save the birthday").click()
    expect(page.locator(".toast").last).to_contain_text("Saved")
    page.reload()
    expect(birthday).to_have_value("")


def titles(app):
    return app.locator("s-table-row .reward-name s-link")


def test_rewards_move_up_and_down_by_keyboard(page):
    app = open_app(page, "/rewards")
    first, second, third = titles(app).all_inner_texts()

    down = app.get_by_role("button", name=f"Move {first} down")
    down.press("Enter")
    expect(titles(app)).to_have_text([second, first, third])
    # Whoever moves it on finds the button where it was.
    expect(down).to_be_focused()
    down.press("Enter")
    expect(titles(app)).to_have_text([second, third, first])
    expect(down).to_have_attribute("aria-disabled", "true")
    down.press("Enter")
    expect(titles(app)).to_have_text([second, third, first])

    app.get_by_role("button", name=f"Move {third} up").press("Enter")
    expect(titles(app)).to_have_text([third, second, first])


def test_a_reward_that_was_removed_comes_back_to_its_place(page):
    app = open_app(page, "/rewards")
    before = titles(app).all_inner_texts()

    app.get_by_role("link", name=before[1], exact=True).click()
    app.get_by_role("button", name="Remove reward").click()
    expect(app.get_by_text("The reward was removed")).to_be_visible()
    expect(titles(app)).to_have_text([before[0], before[2]])
    app.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("The reward is back")).to_be_visible()
    expect(titles(app)).to_have_text(before)


def total_minor(shopper):
    """Return what the checkout asks for."""
    shopper.goto("/checkout")
    shown = shopper.locator("[data-checkout-total]").inner_text()
    return round(float(re.sub(r"[^0-9.]", "", shown)) * 100)


def wait_for_total(shopper, total):
    """Look at the checkout until it asks for this: Shopify hears of a tier from a job."""
    deadline = time.monotonic() + SETTLED_S
    while (shown := total_minor(shopper)) != total:
        assert time.monotonic() < deadline, f"{shown}, not {total}"


def test_a_tier_ships_for_free_for_as_long_as_it_is_held(page, shopper):
    app = open_app(page, "/tiers")
    gold = app.locator("details.tier").nth(2)
    gold.locator("summary").click()
    gold.get_by_role("textbox", name="Customer tag in Shopify").fill("regulars-gold")
    gold.get_by_role("checkbox", name="Every order ships for free").check()
    page.get_by_role("button", name="Save", exact=True).click()
    # Nobody moves, so nothing is asked before it is published.
    expect(page.get_by_text("Unsaved changes")).to_be_hidden()
    products = shopper.request.get("/admin/frame/products.json").json()
    variant = products[0]["variants"][0]["id"].rpartition("/")[2]
    shopper.request.post("/cart/add.js", data={"id": int(variant), "quantity": 1})
    items = shopper.request.get("/cart.js").json()["total_price"]
    before = total_minor(shopper)
    assert before > items

    app = open_newest_member(page)
    give_tier(page, app, "Gold")
    wait_for_total(shopper, items)
    app.get_by_role("button", name="Take the tier back").click()
    modal = app.locator("s-modal#unpin")
    modal.get_by_role("textbox", name="Why").fill("It was a mistake")
    modal.get_by_role("button", name="Take it back").click()
    expect(app.locator(".tier-now")).to_have_text("Bronze")

    wait_for_total(shopper, before)
