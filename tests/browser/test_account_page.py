"""The account's rewards page in a whole installation: points, codes taken and codes given back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serious_findings
from tests.browser.whole_store import SETTLED_MS, start_of

pytestmark = pytest.mark.browser


def rewards_page(shopper, locale="en"):
    """Open the rewards page and return the extension in it, once the balance is there."""
    shopper.page.goto(f"/account?locale={locale}")
    shopper.page.locator("a[href='/account/rewards']").click()
    frame = shopper.page.frame_locator("iframe[data-extension]")
    expect(frame.locator("s-progress")).to_be_visible(timeout=SETTLED_MS)
    return frame


def section(frame, heading):
    return frame.locator("s-section").filter(has=frame.get_by_role("heading", name=heading))


def balance_is(frame, points):
    expect(frame.get_by_role("heading", name=f"{points:,} points")).to_be_visible(
        timeout=SETTLED_MS
    )


def take(frame, name):
    frame.get_by_role("button", name=f"Redeem {name}:").click()


def code_in(frame):
    """Return the one code that is shown, once it is."""
    shown = section(frame, "Yours to use").locator("s-text[type=mark]")
    expect(shown).to_have_count(1, timeout=SETTLED_MS)
    return shown.inner_text()


def fail(page, operation, kind):
    """Let all calls of an operation fail at Shopify, until `recover`."""
    fault = {"operation": operation, "kind": kind, "count": 1_000}
    assert page.request.post("/admin/faults", data=fault).ok


def recover(page):
    """End what `fail` began."""
    assert page.request.delete("/admin/faults").ok


def test_a_code_is_taken_copied_and_given_back(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000}, points=100)
    shopper.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    frame = rewards_page(shopper)
    balance_is(frame, start)

    take(frame, name)
    code = code_in(frame)
    balance_is(frame, start - 100)
    frame.get_by_role("button", name=f"Copy {code}").click()
    expect(frame.get_by_text("Copied")).to_be_visible()
    assert shopper.page.evaluate("navigator.clipboard.readText()") == code

    frame.get_by_role("button", name=f"Give back {name}", exact=True).click()
    expect(section(frame, "Yours to use")).to_contain_text("100 points are back")
    balance_is(frame, start)
    expect(section(frame, "History")).to_contain_text("100 points given back")
    books.settle_at(shopper, start)


def test_points_of_a_code_that_shopify_cannot_delete_yet_are_said_to_be_on_their_way(
    books, shopper
):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000}, points=100)
    frame = rewards_page(shopper)
    take(frame, name)
    code_in(frame)
    fail(shopper.page, "discountCodeDelete", "before")

    frame.get_by_role("button", name=f"Give back {name}", exact=True).click()
    expect(section(frame, "Yours to use")).to_contain_text("Giving your points back…")
    assert books.points(shopper.member_id) == (start - 100, 100)
    recover(shopper.page)

    expect(section(frame, "Yours to use")).to_contain_text(
        "100 points are back", timeout=SETTLED_MS
    )
    balance_is(frame, start)


def test_a_reward_whose_code_is_not_made_yet_is_shown_with_its_code_as_soon_as_it_is(
    books, shopper
):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000}, points=100)
    frame = rewards_page(shopper)
    fail(shopper.page, "discountCodeBasicCreate", "before")

    take(frame, name)
    expect(section(frame, "Yours to use")).to_contain_text("Getting your reward…")
    balance_is(frame, start - 100)
    recover(shopper.page)

    assert code_in(frame)


def test_an_amount_is_chosen_and_the_points_are_those_it_costs(books, shopper):
    start = start_of(books, shopper)
    books.offer("slider", {"amount_minor": 1_000, "most_points": 800})
    frame = rewards_page(shopper)

    amount = frame.get_by_label("How much").last
    amount.select_option("฿30 off")
    frame.get_by_role("button", name="Redeem ฿30 off").click()

    assert code_in(frame)
    assert books.points(shopper.member_id) == (start - 300, 300)
    expect(section(frame, "Yours to use")).to_contain_text("฿30 off is ready for your cart")


def test_on_a_phone_in_thai_nothing_is_wider_than_the_screen_and_axe_finds_nothing(shopper):
    page = shopper.page
    page.set_viewport_size({"width": 390, "height": 844})
    frame = rewards_page(shopper, locale="th")
    expect(frame.get_by_role("heading", name="ของรางวัล", exact=True)).to_be_visible()

    inner = page.frame(url=re.compile("/account/extension/"))
    for each in (page, inner):
        assert each.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        assert serious_findings(each) == []
