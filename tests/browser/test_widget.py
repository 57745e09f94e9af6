"""The rewards widget in a real browser, on a page of a theme that knows nothing of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, serious_findings
from tests.extensions.built import build_extensions
from tests.extensions.storefront_fake import Shop, served

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
LAUNCHER = "regulars-rewards .launcher"
FIRST_REWARD = "[data-focus='reward:3']"
CODE = "RG-7K2M9QXD"

Visit = Callable[..., tuple[Shop, Page]]


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    build_extensions()


@pytest.fixture
def visit(new_page: NewPage) -> Iterator[Visit]:
    """Open a shop's page, with the shop as told and the screen as told."""
    with ExitStack() as stack:

        def go(locale: str = "en", screen: dict[str, int] = DESK, **told: Any) -> tuple[Shop, Page]:
            shop = stack.enter_context(served(Shop(**told)))
            page = new_page(viewport=screen, reduced_motion="reduce")
            page.goto(f"{shop.url}/?locale={locale}")
            return shop, page

        yield go


def test_nothing_is_fetched_until_the_panel_opens(visit: Visit):
    shop, page = visit()

    expect(page.locator(LAUNCHER)).to_have_text("🌸 1,240")
    page.wait_for_load_state("networkidle")
    before = list(shop.requests)
    page.click(LAUNCHER)
    expect(page.get_by_role("tab", name="Rewards")).to_be_visible()

    assert not [line for line in before if "rewards-panel" in line or "/apps/" in line]
    assert shop.proxied() == ["GET /apps/regulars/panel"]


def test_guests_see_what_joining_brings_without_any_fetch(visit: Visit):
    shop, page = visit(signed_in=False)

    page.click(LAUNCHER)

    expect(page.get_by_role("heading", name="Every ฿25 earns a petal")).to_be_visible()
    join = page.get_by_role("link", name="Join free")
    assert join.get_attribute("href") == "/account/register"
    have_one = page.get_by_role("link", name="I have an account")
    assert have_one.get_attribute("href") == "/account/login"
    assert not [line for line in shop.requests if "/apps/" in line or "/cart" in line]


def test_panel_shows_balance_tier_rewards_and_the_reason_for_what_cannot_be_had(visit: Visit):
    _, page = visit()

    page.click(LAUNCHER)
    dialog = page.get_by_role("dialog", name="Petals Club")

    expect(dialog).to_contain_text("1,240 petals")
    expect(dialog).to_contain_text("300 more on 6 Dec · 200 expire on 31 Dec")
    bar = dialog.get_by_role("progressbar", name="฿320 to Gold")
    expect(bar).to_have_attribute("aria-valuenow", "68")
    expect(dialog.get_by_role("listitem").nth(2)).to_contain_text("260 to go")
    expect(dialog.get_by_role("button", name="Redeem")).to_have_count(2)


def test_redeeming_keeps_the_codes_that_are_on_the_cart(visit: Visit):
    shop, page = visit(codes=["SUMMER", "VIP"])

    page.click(LAUNCHER)
    page.click(FIRST_REWARD)

    expect(page.get_by_text("฿50 off is on your cart").first).to_be_visible()
    assert shop.codes == ["SUMMER", "VIP", CODE]
    expect(page.locator(".balance")).to_have_text("740 petals")
    expect(page.locator("code")).to_have_text(CODE)


def test_redeeming_lets_the_theme_change_its_cart_where_it_can(visit: Visit):
    shop, page = visit(codes=["SUMMER"], theme_action=True)

    page.click(LAUNCHER)
    page.click(FIRST_REWARD)

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert page.evaluate("actionCalls") == [["SUMMER", CODE]]
    assert shop.codes == ["SUMMER", CODE]


def test_undo_gives_the_points_back_and_takes_only_that_code_off(visit: Visit):
    shop, page = visit(codes=["SUMMER"])
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.locator(".line.on_cart")).to_be_visible()

    page.get_by_role("button", name="Undo ฿50 off").click()

    expect(page.locator(".line")).to_have_text("Your petals are back")
    expect(page.locator(".balance")).to_have_text("1,240 petals")
    expect(page.locator("[role=status]")).to_have_text("Your petals are back")
    assert shop.codes == ["SUMMER"]


def test_what_came_of_an_undo_is_the_last_thing_said_however_late_the_panel_is(visit: Visit):
    shop, page = visit()
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.locator(".line.on_cart")).to_be_visible()
    page.clock.install()
    shop.panel_gate.clear()

    page.get_by_role("button", name="Undo ฿50 off").click()
    expect(page.locator("[role=status]")).to_have_text("Your petals are back")
    page.clock.fast_forward(5_000)

    expect(page.locator("[role=status]")).to_have_text("Your petals are back")
    shop.panel_gate.set()


def test_a_code_waits_for_the_first_thing_in_an_empty_cart(visit: Visit):
    shop, page = visit(items=0)

    page.click(LAUNCHER)
    with page.expect_response("**/discount/**"):
        page.click(FIRST_REWARD)

    line = page.locator(".line.later")
    expect(line).to_contain_text("comes off as soon as something is in your cart")
    assert shop.links == [CODE]


def test_a_code_that_does_not_count_yet_says_so(visit: Visit):
    _, page = visit(not_applicable={CODE})

    page.click(LAUNCHER)
    page.click(FIRST_REWARD)

    expect(page.locator(".line.waiting")).to_contain_text("counts once the order is large enough")


def test_a_slow_redeem_shows_progress_then_words_and_asks_once(visit: Visit):
    shop, page = visit(redeem_gate=Event())
    page.click(LAUNCHER)

    page.click(FIRST_REWARD)

    expect(page.locator(FIRST_REWARD)).to_have_attribute("aria-busy", "true")
    page.click(FIRST_REWARD, force=True)
    expect(page.locator("li").first).to_contain_text("Getting your reward…")
    shop.redeem_gate.set()
    expect(page.locator(".line.on_cart")).to_be_visible()
    assert len(shop.keys) == 1


def test_a_slow_redeem_may_be_closed_and_found_again(visit: Visit):
    shop, page = visit(redeem_gate=Event())
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)

    page.keyboard.press("Escape")
    with page.expect_response("**/cart/update.js"):
        shop.redeem_gate.set()
    page.click(LAUNCHER)

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert shop.codes == [CODE]


def test_a_held_reward_is_polled_until_it_is_ready_and_then_put_on_the_cart(visit: Visit):
    shop, page = visit(held_polls=2, poll_gate=Event())
    page.click(LAUNCHER)

    page.click(FIRST_REWARD)

    expect(page.locator(".line.held")).to_contain_text("Getting your reward…")
    shop.poll_gate.set()
    expect(page.locator(".line.on_cart")).to_be_visible()
    assert shop.codes == [CODE]
    assert shop.proxied().count("GET /apps/regulars/redemption") == 2


def test_a_held_reward_that_cannot_be_made_says_that_the_points_are_back(visit: Visit):
    _, page = visit(held_polls=1, held_ends="released")
    page.click(LAUNCHER)

    page.click(FIRST_REWARD)

    expect(page.locator(".line.notice")).to_have_text("฿50 off was given back")
    expect(page.locator(".balance")).to_have_text("1,240 petals")


def test_the_launcher_shows_what_is_left(visit: Visit):
    _, page = visit()
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.locator(".line.on_cart")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Petals Club: 740 petals")).to_have_text("🌸 740")


def test_a_shopper_who_was_signed_out_meanwhile_sees_how_to_come_back(visit: Visit):
    shop, page = visit()
    shop.panel["en"] = {"signed_in": False, "join": {"headline": "Join", "sub": "", "steps": []}}

    page.click(LAUNCHER)

    expect(page.get_by_role("link", name="I have an account")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)


def test_trying_again_after_an_error_is_the_same_ask(visit: Visit):
    shop, page = visit(redeem_failures=[(503, "unavailable", "The shop is resting for a moment.")])
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.get_by_role("alert")).to_have_text("The shop is resting for a moment.")
    expect(page.locator(".balance")).to_have_text("1,240 petals")

    page.locator(FIRST_REWARD).get_by_text("Try again").click()

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert len(shop.keys) == 2
    assert len(set(shop.keys)) == 1


def test_a_lost_answer_is_asked_for_with_the_same_key_even_after_a_reload(visit: Visit):
    shop, page = visit()
    page.click(LAUNCHER)
    page.route("**/apps/regulars/redeem**", lambda route: (route.fetch(), route.abort()))
    page.click(FIRST_REWARD)
    expect(page.get_by_role("alert")).to_contain_text("Your petals are safe: try again.")
    page.unroute("**/apps/regulars/redeem**")

    page.reload()
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)

    expect(page.locator(".line.on_cart")).to_have_count(1)
    assert len(shop.keys) == 2
    assert len(set(shop.keys)) == 1


def test_a_refusal_is_said_next_to_its_button_and_ends_the_ask(visit: Visit):
    refusal = (422, "not_enough_points", "60 petals are missing for this one.")
    shop, page = visit(redeem_failures=[refusal])
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    row = page.locator("li").first
    expect(row.get_by_role("alert")).to_have_text("60 petals are missing for this one.")

    page.click(FIRST_REWARD)

    expect(page.locator(".line.on_cart")).to_be_visible()
    assert len(set(shop.keys)) == 2


def test_a_panel_that_does_not_load_says_so_and_can_be_tried_again(visit: Visit):
    shop, page = visit(panel_status=503)
    page.click(LAUNCHER)
    expect(page.get_by_role("alert")).to_contain_text("Your rewards did not load.")

    shop.panel_status = 200
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("tab", name="Rewards")).to_be_visible()


def test_history_opens_into_a_receipt(visit: Visit):
    _, page = visit()
    page.click(LAUNCHER)

    page.get_by_role("tab", name="History").click()
    page.get_by_text("How it was counted").click()

    expect(page.get_by_role("row", name="Jasmine tea × 2 · ฿240 +300")).to_be_visible()
    expect(page.get_by_role("listitem").nth(1)).to_contain_text("−1,000")


def test_a_receipt_opens_by_keyboard_and_says_how_the_points_come_about(visit: Visit):
    _, page = visit()
    page.click(LAUNCHER)
    page.get_by_role("tab", name="History").click()
    summary = page.locator("summary").first
    expect(page.get_by_text("times 1.25 in Silver")).to_be_hidden()

    summary.focus()
    summary.press("Enter")

    expect(page.get_by_text("฿240 at 1 petal for every ฿1, times 1.25 in Silver.")).to_be_visible()


def test_older_history_is_shown_below_and_what_was_open_stays_open(visit: Visit):
    shop, page = visit()
    older = {"title": "Order #998", "date": "3 Mar", "note": "", "points": "+12", "sign": "plus"}
    shop.panel["en"]["history_older"] = 77
    shop.older["77"] = {"history": [older], "history_older": None}
    page.click(LAUNCHER)
    page.get_by_role("tab", name="History").click()
    page.get_by_text("How it was counted").click()

    page.get_by_role("button", name="Show more").click()

    expect(page.get_by_role("listitem").nth(3)).to_contain_text("Order #998")
    expect(page.get_by_role("row", name="Jasmine tea × 2 · ฿240 +300")).to_be_visible()
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def test_empty_lists_say_what_will_be_there(visit: Visit):
    shop, page = visit()
    shop.panel["en"] |= {"rewards": [], "history": []}
    page.click(LAUNCHER)

    expect(page.get_by_role("dialog")).to_contain_text("Your petals will wait for them.")
    page.get_by_role("tab", name="History").click()

    expect(page.get_by_role("dialog")).to_contain_text("Your first petals will show up here.")


def test_everything_can_be_done_with_the_keyboard(visit: Visit):
    shop, page = visit()
    focused = "document.querySelector('regulars-rewards').shadowRoot.activeElement"

    page.locator(LAUNCHER).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Rewards")).to_be_visible()
    assert page.evaluate(f"{focused}.ariaLabel") == "Close"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.textContent") == "Rewards"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{focused}.textContent") == "History"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.ariaLabel") == "Redeem ฿50 off"
    page.keyboard.press("Enter")
    expect(page.locator(".line.on_cart")).to_be_visible()
    assert page.evaluate(f"{focused}.ariaLabel") == "Redeem ฿50 off"
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate(f"{focused}.className") == "launcher"
    assert shop.codes == [CODE]


def test_a_phone_gets_a_sheet_with_the_page_behind_it_inert(visit: Visit):
    _, page = visit(screen=PHONE)

    page.click(LAUNCHER)
    dialog = page.get_by_role("dialog")

    expect(dialog).to_have_attribute("aria-modal", "true")
    assert dialog.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") in ("REGULARS-REWARDS", "BODY")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "th"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_serious(visit: Visit, screen: dict[str, int], locale: str, dark: bool):
    _, page = visit(locale=locale, screen=screen, dark=dark)
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.locator(".line.on_cart")).to_be_visible()
    on_rewards = serious_findings(page)
    page.get_by_role("tab").nth(2).click()
    page.locator("summary").click()

    assert on_rewards == []
    assert serious_findings(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_for_guests(visit: Visit, dark: bool):
    _, page = visit(signed_in=False, dark=dark)

    page.click(LAUNCHER)

    expect(page.get_by_role("link", name="Join free")).to_be_visible()
    assert serious_findings(page) == []


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_on_the_page_moves(visit: Visit, screen: dict[str, int]):
    # Slower than the half second after a tap in which browsers forgive movement.
    _, page = visit(screen=screen, panel_seconds=0.8, redeem_seconds=0.8)

    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.locator(".line.on_cart")).to_be_visible()
    page.get_by_role("tab", name="Earn").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".line")).to_have_text("Your petals are back")
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)

    assert page.evaluate("shifts") == []


def test_targets_are_at_least_forty_pixels_high(visit: Visit):
    _, page = visit(screen=PHONE)
    page.click(LAUNCHER)
    page.click(FIRST_REWARD)
    expect(page.locator(".line.on_cart")).to_be_visible()
    page.get_by_role("tab", name="History").click()

    heights = page.evaluate(
        "[...document.querySelector('regulars-rewards').shadowRoot"
        ".querySelectorAll('dialog :is(button, summary)')]"
        ".map((each) => Math.ceil(each.getBoundingClientRect().height))"
    )

    assert min(heights) >= 40


def test_thai_speaks_thai_and_leaves_letters_unspaced(visit: Visit):
    _, page = visit(locale="th", screen=PHONE)

    page.click(LAUNCHER)
    page.click(FIRST_REWARD)

    expect(page.locator(".line.on_cart")).to_contain_text("ส่วนลด ฿50 อยู่ในตะกร้าแล้ว")
    expect(page.locator(".balance strong")).to_have_css("letter-spacing", "normal")


def test_dark_themes_get_a_dark_panel(visit: Visit):
    _, page = visit(dark=True)

    page.click(LAUNCHER)

    surface = page.get_by_role("dialog").evaluate(
        "(each) => getComputedStyle(each).backgroundColor"
    )
    assert surface == "rgb(29, 32, 31)"


def test_right_to_left_mirrors_the_panel_and_the_arrow_keys(visit: Visit):
    _, page = visit(direction="rtl")
    page.click(LAUNCHER)
    box = page.get_by_role("dialog").bounding_box()
    page.get_by_role("tab", name="Rewards").focus()

    page.keyboard.press("ArrowLeft")

    assert box
    assert box["x"] == 20
    expect(page.get_by_role("tab", name="Earn")).to_have_attribute("aria-selected", "true")


def test_the_themes_own_styles_and_spacing_stay_out(visit: Visit):
    _, page = visit()

    page.click(LAUNCHER)
    style = page.locator(FIRST_REWARD).evaluate(
        "(each) => { const style = getComputedStyle(each);"
        " return [style.textTransform, style.letterSpacing, style.fontFamily]; }"
    )

    assert style == ["none", "normal", '"Noto Sans", "Noto Sans Thai", sans-serif']
