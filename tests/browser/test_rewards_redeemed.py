"""Every type of reward from the click to the paid order and its refund, in a whole installation."""

import re

import pytest
from playwright.sync_api import expect

from app.services.note_picked_names import note_picked_names
from tests.browser.conftest import serious_findings
from tests.browser.whole_store import SETTLED_MS, start_of, variants

pytestmark = pytest.mark.browser


def items_minor(page):
    """Return what the items in the cart come to, after codes."""
    return page.request.get("/cart.js").json()["total_price"]


def amount_in(page, selector):
    """Return the amount that the checkout shows, in minor units."""
    shown = page.locator(selector).inner_text()
    return round(float(re.sub(r"[^0-9.]", "", shown)) * 100)


def redeem(panel, name):
    panel.get_by_role("button", name=f"Redeem {name}").click()


def is_on_cart(panel):
    expect(panel.locator(".line.on_cart")).to_be_visible(timeout=SETTLED_MS)


def is_used_and_comes_back(books, shopper, start, cost=100):
    """Pay, see the points spent, refund everything, and see them back."""
    books.settle_at(shopper, start - cost, held=cost)
    order_id = shopper.pay()
    books.settle_at(shopper, start - cost)
    shopper.refund(order_id)
    books.settle_at(shopper, start)


def test_an_amount_off(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000, "minimum_subtotal_minor": 10_000})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    redeem(panel, name)

    is_on_cart(panel)
    assert items_minor(shopper.page) == before - 5_000
    is_used_and_comes_back(books, shopper, start)


def test_as_much_off_as_the_shopper_likes(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("slider", {"amount_minor": 1_000, "most_points": 800})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    slider = panel.get_by_role("slider", name=name)
    slider.press("Home")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("฿30 off, 300 of "))
    redeem(panel, "฿30 off")

    is_on_cart(panel)
    assert items_minor(shopper.page) == before - 3_000
    is_used_and_comes_back(books, shopper, start, cost=300)


def test_a_percentage_off(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("percentage_off", {"percentage_bp": 1_000})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    redeem(panel, name)

    is_on_cart(panel)
    assert items_minor(shopper.page) == before - before // 10
    is_used_and_comes_back(books, shopper, start)


def test_free_shipping(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("free_shipping", {})
    shopper.page.goto("/checkout")
    before = amount_in(shopper.page, "[data-checkout-total]")

    panel = shopper.panel()
    redeem(panel, name)

    is_on_cart(panel)
    shopper.page.goto("/checkout")
    assert amount_in(shopper.page, "[data-checkout-total]") < before
    is_used_and_comes_back(books, shopper, start)


def test_a_product_of_a_set(books, shopper):
    start = start_of(books, shopper)
    chosen = variants(shopper.page)[4:6]
    with books.database.tenant(books.tenant) as session:
        note_picked_names(
            session,
            program_id=books.tenant.program_id,
            names={("variant", number): title for number, title in chosen},
        )
    name = books.offer("free_product", {"variant_ids": [number for number, _title in chosen]})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    panel.get_by_role("button", name=f"Choose for {name}").click()
    panel.get_by_role("radio", name=chosen[1][1]).check()
    assert serious_findings(shopper.page) == []
    redeem(panel, chosen[1][1])

    # It is put into the cart, and costs nothing there.
    is_on_cart(panel)
    cart = shopper.page.request.get("/cart.js").json()
    assert chosen[1][0] in [item["variant_id"] for item in cart["items"]]
    assert cart["total_price"] == before
    is_used_and_comes_back(books, shopper, start)


def test_store_credit(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("store_credit", {"amount_minor": 2_500, "life_days": 90})

    panel = shopper.panel()
    redeem(panel, name)

    expect(panel.get_by_text(f"{name} is in your account").first).to_be_visible(timeout=SETTLED_MS)
    shopper.page.goto("/checkout")
    shopper.page.get_by_role("button", name=re.compile("credit")).click()
    expect(shopper.page.locator("[data-store-credit]")).to_contain_text("25")
    # Money that was paid with credit goes back there at Shopify: the points stay spent.
    order_id = shopper.pay()
    shopper.refund(order_id)
    books.settle_at(shopper, start - 100, held=100)


def test_a_gift_card(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("gift_card", {"amount_minor": 2_500})

    panel = shopper.panel()
    redeem(panel, name)

    line = panel.locator(".line").filter(has_text=name)
    code = line.locator("code")
    expect(code).to_be_visible(timeout=SETTLED_MS)
    expect(line.get_by_role("button", name="Copy")).to_be_visible()
    card = code.inner_text()
    shopper.page.goto("/checkout")
    shopper.page.locator("input[name=code]").fill(card)
    shopper.page.get_by_role("button", name="Apply").click()
    expect(shopper.page.locator("[data-gift-card]")).to_contain_text("25")
    order_id = shopper.pay()
    shopper.refund(order_id)
    books.settle_at(shopper, start - 100, held=100)


def test_a_donation(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("donation", {"cause": "Trees", "amount_minor": 2_500})
    before = items_minor(shopper.page)

    panel = shopper.panel()
    redeem(panel, name)

    expect(panel.locator(".line.notice")).to_have_text(f"Thank you: {name} is on its way")
    expect(panel.get_by_role("button", name="Undo")).to_have_count(0)
    books.settle_at(shopper, start - 100)
    # What is given away stays given, whatever becomes of an order.
    assert items_minor(shopper.page) == before
    shopper.refund(shopper.pay())
    books.settle_at(shopper, start - 100)


def test_something_that_staff_do(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("by_staff", {"what": "A tea lesson", "instructions": "Call first"})

    panel = shopper.panel()
    redeem(panel, name)

    line = panel.locator(".line").filter(has_text="the shop knows and takes care of it")
    expect(line).to_be_visible(timeout=SETTLED_MS)
    books.settle_at(shopper, start - 100, held=100)
    shopper.refund(shopper.pay())
    page = shopper.page
    page.goto("/admin/apps/regulars/rewards")
    app = page.frame_locator("iframe")
    app.get_by_role("link", name="Show what to do").click()
    expect(app.get_by_text("Call first")).to_be_visible()
    assert serious_findings(page.frames[1]) == []
    app.get_by_role("button", name="Mark as done").click()
    expect(app.get_by_text("Nothing to do")).to_be_visible()
    books.settle_at(shopper, start - 100)


def test_a_reward_is_undone_from_the_widget(books, shopper):
    start = start_of(books, shopper)
    name = books.offer("amount_off", {"amount_minor": 5_000})
    before = items_minor(shopper.page)
    panel = shopper.panel()
    redeem(panel, name)
    is_on_cart(panel)

    panel.get_by_role("button", name=f"Undo {name}").click()

    expect(panel.locator(".line.notice")).to_have_text("100 points are back")
    books.settle_at(shopper, start)
    assert items_minor(shopper.page) == before
