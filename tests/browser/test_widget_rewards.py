"""Amounts to slide, products to choose, rewards that need no cart: the widget in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, serious_findings
from tests.extensions.built import build_extensions
from tests.extensions.storefront_fake import Shop, served

pytestmark = pytest.mark.browser

LAUNCHER = "regulars-rewards .launcher"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
SLIDER = {
    "id": "7",
    "title": "Up to ฿120 off",
    "detail": "100 petals for each ฿10",
    "icon": "tag",
    "state": "available",
    "stops": [
        {"id": str(steps * 100), "gain": f"฿{steps * 10} off", "cost": f"{steps * 100} of 1,240"}
        for steps in range(1, 13)
    ],
    "start": 7,
}
SET = {
    "id": "8",
    "title": "A free tea",
    "detail": "900 petals",
    "icon": "gift",
    "image": PIXEL,
    "state": "available",
    "products": [
        {"id": "71", "title": "Jasmine green tea", "image": PIXEL},
        {"id": "72", "title": "Butterfly pea tea", "image": PIXEL},
    ],
}

Visit = Callable[..., tuple[Shop, Page]]


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    build_extensions()


@pytest.fixture
def visit(new_page: NewPage) -> Iterator[Visit]:
    """Open the panel of a shop that offers the rewards given."""
    with ExitStack() as stack:

        def go(*rewards: dict[str, Any], width: int = 1280, **told: Any) -> tuple[Shop, Page]:
            shop = stack.enter_context(served(Shop(**told)))
            if rewards:
                shop.panel["en"]["rewards"] = list(rewards)
            page = new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
            page.goto(shop.url)
            page.click(LAUNCHER)
            expect(page.get_by_role("tab", name="Rewards")).to_be_visible()
            return shop, page

        yield go


def asked(shop: Shop, path: str) -> dict[str, str]:
    """Return the query of the last request of `path` at the app."""
    lines = [line for line in shop.requests if f"/apps/regulars/{path}?" in line]
    query = parse_qs(urlsplit(lines[-1].split(" ")[1]).query)
    return {name: values[0] for name, values in query.items()}


def test_a_slider_says_each_amount_and_asks_for_the_one_that_was_left(visit: Visit):
    shop, page = visit(SLIDER)
    slider = page.get_by_role("slider", name="Up to ฿120 off")
    expect(slider).to_have_attribute("aria-valuetext", "฿80 off, 800 of 1,240")

    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "฿120 off, 1200 of 1,240")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("listitem")).to_contain_text("฿110 off")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert asked(shop, "redeem")["choice"] == "1100"


def test_trying_another_amount_after_an_error_is_another_ask(visit: Visit):
    shop, page = visit(SLIDER, redeem_failures=[(503, "unavailable", "One moment.")])
    page.get_by_role("button", name="Redeem ฿80 off").click()
    expect(page.get_by_role("alert")).to_have_text("One moment.")

    page.get_by_role("slider").press("Home")
    page.get_by_role("button", name="Redeem ฿10 off").click()

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert len(set(shop.keys)) == 2


def test_a_product_is_chosen_by_keyboard(visit: Visit):
    shop, page = visit(SET)
    choose = page.get_by_role("button", name="Choose for A free tea")
    expect(choose).to_have_attribute("aria-expanded", "false")

    choose.press("Enter")
    expect(choose).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Jasmine green tea")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Butterfly pea tea")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert asked(shop, "redeem")["choice"] == "72"
    expect(page.get_by_role("radio")).to_have_count(0)


@pytest.mark.parametrize("items", [0, 2])
def test_the_chosen_product_goes_into_the_cart_with_its_code(visit: Visit, items: int):
    code = {"code": "RG-7K2M9QXD", "cart": True, "text": "", "variant": "71"}
    there = [11, 12][:items]
    shop, page = visit(SET, obtained=code, items=items, variants=list(there))

    page.get_by_role("button", name="Choose for A free tea").click()
    page.get_by_role("button", name="Redeem Jasmine green tea").click()

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert shop.variants == [*there, 71]
    assert shop.codes == ["RG-7K2M9QXD"]


def test_a_single_product_needs_no_choosing(visit: Visit):
    shop, page = visit(SET | {"products": SET["products"][:1]})

    page.get_by_role("button", name="Redeem A free tea").click()

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert asked(shop, "redeem")["choice"] == "71"


def test_what_needs_no_cart_leaves_the_cart_alone_and_is_told(visit: Visit):
    made = {"cart": False, "undo": False, "open": False, "text": "฿50 of store credit is yours"}
    shop, page = visit(obtained=made)

    page.click("[data-focus='reward:3']")

    expect(page.locator(".line.notice")).to_have_text("฿50 of store credit is yours")
    expect(page.get_by_role("status")).to_have_text("฿50 of store credit is yours")
    expect(page.locator(".line")).to_have_count(1)
    assert shop.codes == []
    assert not [line for line in shop.requests if "/cart/update.js" in line]


def test_a_gift_cards_code_is_shown_to_copy_and_not_put_on_the_cart(visit: Visit):
    text = "Your gift card of ฿50"
    made = {"cart": False, "undo": True, "code": "RG7KPMX2WQ9DTR5C", "text": text}
    shop, page = visit(obtained=made)

    page.click("[data-focus='reward:3']")

    line = page.locator(".line.done")
    expect(line).to_contain_text("Your gift card of ฿50")
    expect(line.locator("code")).to_have_text("RG7KPMX2WQ9DTR5C")
    expect(line.get_by_role("button", name="Copy")).to_be_visible()
    assert shop.codes == []


def test_points_that_are_not_back_yet_are_said_to_be_on_their_way(visit: Visit):
    shop, page = visit(undo_is_slow=True)
    page.click("[data-focus='reward:3']")
    expect(page.locator(".line.on_cart")).to_be_visible()

    page.get_by_role("button", name="Undo ฿50 off").click()

    expect(page.locator(".line.held")).to_contain_text("Your petals are being returned")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert shop.codes == []


def test_the_app_hears_what_the_cart_comes_to_before_points_move(visit: Visit):
    shop, page = visit(items=2, subtotal=10_000)
    assert asked(shop, "panel").items() >= {"subtotal": "10000", "currency": "THB"}.items()

    shop.subtotal = 25_000
    page.click("[data-focus='reward:3']")
    expect(page.locator(".line.on_cart")).to_be_visible()

    assert asked(shop, "redeem")["subtotal"] == "25000"


def test_a_cart_that_changed_since_the_page_was_drawn_is_told_again(visit: Visit):
    shop, page = visit()
    page.keyboard.press("Escape")
    shop.subtotal = 9_900

    with page.expect_response("**/panel?subtotal=9900*"):
        page.click(LAUNCHER)

    assert asked(shop, "panel")["subtotal"] == "9900"


def test_an_empty_cart_hints_at_nothing(visit: Visit):
    shop, page = visit(items=0, subtotal=0)

    page.click("[data-focus='reward:3']")

    expect(page.locator(".line.later")).to_be_visible()
    assert "subtotal" not in asked(shop, "panel")
    assert "subtotal" not in asked(shop, "redeem")


def test_what_a_waiting_code_still_needs_is_said_in_the_apps_words(visit: Visit):
    code = {"code": "RG-7K2M9QXD", "cart": True, "text": "", "hint": "add ฿200 more"}
    _, page = visit(obtained=code, not_applicable={"RG-7K2M9QXD"})

    page.click("[data-focus='reward:3']")

    expect(page.locator(".line.waiting")).to_contain_text("฿50 off · add ฿200 more")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_choices_are_accessible_large_enough_and_fit(visit: Visit, width: int, dark: bool):
    _, page = visit(SLIDER, SET, width=width, dark=dark)
    page.get_by_role("button", name="Choose for A free tea").click()
    expect(page.get_by_role("radio")).to_have_count(2)

    assert serious_findings(page) == []
    shadow = "document.querySelector('regulars-rewards').shadowRoot"
    heights = page.evaluate(
        f"[...{shadow}.querySelectorAll('dialog :is(button, label, [type=range])')]"
        ".map((each) => Math.ceil(each.getBoundingClientRect().height))"
    )
    assert min(heights) >= 40
    wide = f"{shadow}.querySelector('.scroll')"
    assert page.evaluate(f"{wide}.scrollWidth - {wide}.clientWidth") <= 0
