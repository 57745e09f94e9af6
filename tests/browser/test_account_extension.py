"""The account extension in a real browser, on the development store's stand-ins for the account."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, serious_findings
from tests.extensions.account_fake import CODE, Account, served
from tests.extensions.built import build_extensions

pytestmark = pytest.mark.browser

Visit = Callable[..., tuple[Account, Page]]


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    build_extensions()


@pytest.fixture
def visit(new_page: NewPage) -> Iterator[Visit]:
    """Open the page as told."""
    with ExitStack() as stack:

        def go(locale: str = "en", width: int = 900, **told: Any) -> tuple[Account, Page]:
            account = stack.enter_context(served(Account(**told)))
            page = new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.goto(f"{account.url}/?locale={locale}")
            return account, page

        yield go


def section(page: Page, heading: str) -> Locator:
    return page.locator("s-section").filter(has=page.get_by_role("heading", name=heading))


def take_first(page: Page) -> None:
    page.get_by_role("button", name="Redeem ฿50 off: 500 petals").click()


def give_back(page: Page) -> None:
    page.get_by_role("button", name="Give back ฿50 off").click()


def expect_balance(page: Page, points: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{points} petals")


def test_shows_points_tier_rewards_what_was_used_and_what_happened(visit: Visit):
    account, page = visit()

    expect_balance(page, "1,240")
    expect(section(page, "Silver")).to_contain_text("฿320 to Gold")
    expect(section(page, "Silver")).to_contain_text("Silver until 6 Dec 2027")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    expect(section(page, "Rewards")).to_contain_text("760 to go")
    expect(page.get_by_role("button", name="Redeem")).to_have_count(3)
    expect(section(page, "Used lately")).to_contain_text("2 Nov · used on order #1003")
    expect(section(page, "History")).to_contain_text("12 petals taken back as the order changed")
    assert account.asked == ["GET panel"]
    assert account.tokens == {"Bearer session-token"}


def test_while_the_app_is_asked_the_page_says_so(visit: Visit):
    account, page = visit(panel_gate=Event())

    expect(page.get_by_role("heading", level=1)).to_have_text("Your rewards")
    expect(page.get_by_text("Loading your rewards")).to_be_attached()

    account.panel_gate.set()
    expect_balance(page, "1,240")


def test_a_reward_is_taken_and_its_code_can_be_copied(visit: Visit):
    account, page = visit()

    take_first(page)

    expect(section(page, "Yours to use")).to_contain_text(CODE)
    expect_balance(page, "740")
    page.get_by_role("button", name=f"Copy {CODE}").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == CODE
    assert len(account.taken) == 1


def test_two_taps_at_once_are_one_ask(visit: Visit):
    account, page = visit(redeem_gate=Event())

    page.get_by_role("button", name="Redeem ฿50 off: 500 petals").dblclick()
    account.redeem_gate.set()

    expect(section(page, "Yours to use")).to_contain_text(CODE)
    assert len(account.redeemed) == 1


def test_an_ask_whose_answer_was_lost_is_asked_again_under_its_key_also_after_a_reload(
    visit: Visit,
):
    account, page = visit(loses_answers=1)
    take_first(page)
    expect(section(page, "Rewards")).to_contain_text("Nothing is lost: try again.")
    expect_balance(page, "740")

    page.reload()
    with page.expect_response("**/account/redeem"):
        take_first(page)

    expect(section(page, "Rewards")).not_to_contain_text("Nothing is lost")
    expect(page.get_by_text(CODE)).to_have_count(1)
    expect_balance(page, "740")
    first, second = (asked["key"] for asked in account.redeemed)
    assert first == second


def test_a_new_ask_after_an_answer_is_another(visit: Visit):
    account, page = visit()
    take_first(page)
    expect(page.get_by_text(CODE)).to_have_count(1)

    take_first(page)

    expect(page.get_by_text(CODE)).to_have_count(2)
    expect_balance(page, "240")
    assert len(account.taken) == 2


def test_a_refusal_is_said_in_the_apps_words_and_takes_nothing(visit: Visit):
    account, page = visit(redeem_failures=[(422, "60 petals are missing for this one.")])

    take_first(page)

    expect(section(page, "Rewards")).to_contain_text("60 petals are missing for this one.")
    expect_balance(page, "1,240")
    expect(section(page, "Yours to use")).to_have_count(0)
    take_first(page)
    expect(page.get_by_text(CODE)).to_be_visible()
    first, second = (asked["key"] for asked in account.redeemed)
    assert first != second


def test_a_code_that_is_not_made_yet_shows_up_when_it_is(visit: Visit):
    account, page = visit(shopify_away=True)
    take_first(page)
    expect(section(page, "Yours to use")).to_contain_text("Getting your reward…")

    account.shopify_away = False

    expect(section(page, "Yours to use")).to_contain_text(CODE)
    expect_balance(page, "740")


def test_what_waited_when_the_page_was_left_is_followed_when_it_is_opened(visit: Visit):
    account, page = visit(shopify_away=True)
    take_first(page)
    expect(section(page, "Yours to use")).to_contain_text("Getting your reward…")

    page.reload()
    expect(section(page, "Yours to use")).to_contain_text("Getting your reward…")
    account.shopify_away = False

    expect(section(page, "Yours to use")).to_contain_text(CODE)


def test_giving_back_says_first_that_it_goes_on_and_then_that_points_are_back(visit: Visit):
    account, page = visit()
    take_first(page)
    expect(page.get_by_text(CODE)).to_be_visible()
    account.shopify_away = True

    give_back(page)
    expect(section(page, "Yours to use")).to_contain_text("Giving your points back…")
    expect_balance(page, "740")
    expect(page.get_by_text(CODE)).to_have_count(0)
    account.shopify_away = False

    expect(section(page, "Yours to use")).to_contain_text("500 petals are back")
    expect_balance(page, "1,240")


def test_a_reward_that_was_used_meanwhile_cannot_be_given_back_and_says_so(visit: Visit):
    _, page = visit(undo_failures=[(409, "This reward was used already.")])
    take_first(page)

    give_back(page)

    expect(section(page, "Yours to use")).to_contain_text("This reward was used already.")
    expect_balance(page, "740")


def test_an_amount_is_chosen_where_there_is_a_choice(visit: Visit):
    account, page = visit()

    page.get_by_label("How much").select_option("฿10 off")
    page.get_by_role("button", name="Redeem ฿10 off: 100 of 1,240 petals").press("Enter")

    expect(page.get_by_text(CODE)).to_be_visible()
    assert (account.redeemed[0]["reward"], account.redeemed[0]["choice"]) == ("5", "100")


def test_a_product_is_chosen_where_there_are_several(visit: Visit):
    account, page = visit()

    page.get_by_label("Which one").select_option("Oolong")
    page.get_by_role("button", name="Redeem Oolong: 500 petals").click()

    expect(page.get_by_text(CODE)).to_be_visible()
    assert (account.redeemed[0]["reward"], account.redeemed[0]["choice"]) == ("4", "72")


def test_history_opens_into_receipts_and_goes_on_page_by_page(visit: Visit):
    account, page = visit()
    history = section(page, "History")

    history.get_by_text("How it was counted").click()
    expect(history.get_by_text("2 × Jasmine tea")).to_be_visible()
    history.get_by_role("button", name="Show more").click()

    expect(history).to_contain_text("Order #1040")
    expect(history.get_by_role("button", name="Show more")).to_have_count(0)
    assert account.asked[-1] == "GET history"


def test_who_has_nothing_yet_reads_what_will_be_here(visit: Visit):
    _, page = visit(is_new=True)

    expect(section(page, "Rewards")).to_contain_text("New rewards are on their way.")
    expect(section(page, "History")).to_contain_text("Your first petals will show up here.")
    expect(section(page, "Used lately")).to_have_count(0)


def test_who_is_not_signed_in_is_asked_to(visit: Visit):
    _, page = visit(signed_in=False)

    expect(page.locator("s-banner")).to_have_text("Sign in to use what you have earned.")
    expect(page.get_by_role("button")).to_have_count(0)


def test_a_page_that_does_not_load_can_be_tried_again(visit: Visit):
    account, page = visit(panel_status=503)
    expect(page.locator("s-banner")).to_have_text(
        "Your rewards did not load. They are safe where they are."
    )

    account.panel_status = 200
    page.get_by_role("button", name="Try again").click()

    expect_balance(page, "1,240")


def test_everything_is_reached_by_keyboard(visit: Visit):
    _, page = visit()
    take_first(page)
    expect(page.get_by_role("button", name="Give back ฿50 off")).to_be_enabled()

    page.get_by_role("button", name=f"Copy {CODE}").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(section(page, "Yours to use")).to_contain_text("500 petals are back")


@pytest.mark.parametrize("locale", ["en", "th"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    visit: Visit, locale: str, width: int
):
    _, page = visit(locale=locale, width=width)
    page.locator("s-button").first.click()
    expect(page.get_by_text(CODE)).to_be_visible()

    assert serious_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_thai_pages_are_in_thai(visit: Visit):
    _, page = visit(locale="th")

    expect(page.get_by_role("heading", name="ของรางวัล", exact=True)).to_be_visible()
    page.get_by_role("button", name="แลก ฿50 off: 500 petals").click()
    expect(page.get_by_role("button", name=f"คัดลอก {CODE}")).to_be_visible()
    expect(page.get_by_role("button", name="คืนของรางวัล ฿50 off")).to_be_visible()
