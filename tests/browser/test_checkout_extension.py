"""The checkout extension in a real browser, on the development store's stand-ins for checkout."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, serious_findings
from tests.extensions.built import build_extensions
from tests.extensions.checkout_fake import Checkout, served

pytestmark = pytest.mark.browser

CODE = "RG-7K2M9QXD"

Visit = Callable[..., tuple[Checkout, Page]]


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    build_extensions()


@pytest.fixture
def visit(new_page: NewPage) -> Iterator[Visit]:
    """Open a checkout as told."""
    with ExitStack() as stack:

        def go(locale: str = "en", width: int = 480, **told: Any) -> tuple[Checkout, Page]:
            checkout = stack.enter_context(served(Checkout(**told)))
            page = new_page(viewport={"width": width, "height": 600}, reduced_motion="reduce")
            page.goto(f"{checkout.url}/?locale={locale}")
            return checkout, page

        yield go


def use_first(page: Page) -> None:
    page.get_by_role("button", name="Use ฿50 off: 500 petals").click()


def test_shows_the_balance_and_a_button_for_each_reward(visit: Visit):
    checkout, page = visit()

    expect(page.get_by_role("heading")).to_have_text("You have 1,240 petals")
    expect(page.get_by_role("button")).to_have_count(2)
    assert checkout.asked == ["GET /checkout/panel"]
    assert set(checkout.tokens) == {"Bearer session-token"}


def test_the_balance_is_there_before_the_app_has_answered(visit: Visit):
    checkout, page = visit(panel_gate=Event())

    expect(page.get_by_role("heading")).to_have_text("You have 1,240")
    expect(page.locator("s-skeleton-paragraph")).to_have_count(1)

    checkout.panel_gate.set()
    expect(page.locator("s-skeleton-paragraph")).to_have_count(0)


def test_using_a_reward_applies_its_code_beside_those_already_there(visit: Visit):
    checkout, page = visit(codes=["SUMMER"])

    use_first(page)

    expect(page.get_by_text("฿50 off is on this order")).to_be_visible()
    expect(page.get_by_role("heading")).to_have_text("You have 740 petals")
    assert checkout.codes == ["SUMMER", CODE]
    assert checkout.released == []


def test_a_code_that_is_refused_gives_the_points_back_at_once(visit: Visit):
    checkout, page = visit(refuses={CODE})

    use_first(page)

    expect(page.locator("s-banner")).to_contain_text("Your petals are back.")
    expect(page.get_by_role("heading")).to_have_text("You have 1,240 petals")
    assert checkout.released == ["9"]
    assert checkout.codes == []


def test_points_that_wait_for_shopify_are_not_said_to_be_back(visit: Visit):
    _checkout, page = visit(refuses={CODE}, shopify_away=True)

    use_first(page)

    expect(page.locator("s-banner")).to_contain_text("Your petals are on their way back.")


def test_giving_back_is_tried_again_when_the_app_is_away(visit: Visit):
    checkout, page = visit(refuses={CODE}, release_failures=1)

    use_first(page)

    expect(page.locator("s-banner")).to_contain_text("Your petals are back.")
    assert checkout.released == ["9"]


def test_two_rewards_tapped_at_once_are_one_ask(visit: Visit):
    checkout, page = visit()
    expect(page.get_by_role("button")).to_have_count(2)

    page.evaluate("document.querySelectorAll('s-button').forEach((button) => button.click())")

    expect(page.get_by_text("฿50 off is on this order")).to_be_visible()
    assert [asked["reward"] for asked in checkout.redeemed] == ["3"]


def test_a_held_reward_is_asked_for_again_with_the_same_key_until_it_is_ready(visit: Visit):
    checkout, page = visit(held=2, poll_gate=Event())

    use_first(page)

    expect(page.get_by_text("Getting your reward…")).to_be_visible()
    checkout.poll_gate.set()
    expect(page.get_by_text("฿50 off is on this order")).to_be_visible()
    assert len(checkout.keys) == 3
    assert len(set(checkout.keys)) == 1


def test_trying_again_after_an_error_is_the_same_ask(visit: Visit):
    checkout, page = visit(redeem_failures=[(503, "")])
    use_first(page)
    expect(page.locator("s-banner[tone=critical]")).to_contain_text("Nothing is lost: try again.")

    use_first(page)

    expect(page.get_by_text("฿50 off is on this order")).to_be_visible()
    assert len(checkout.keys) == 2
    assert len(set(checkout.keys)) == 1


def test_a_refusal_is_said_in_the_apps_words(visit: Visit):
    checkout, page = visit(redeem_failures=[(422, "60 petals are missing for this one.")])

    use_first(page)

    expect(page.locator("s-banner[tone=critical]")).to_contain_text(
        "60 petals are missing for this one."
    )
    assert checkout.codes == []


def test_a_reward_on_the_order_can_be_removed_also_after_a_reload(visit: Visit):
    checkout, page = visit()
    use_first(page)
    expect(page.get_by_text("฿50 off is on this order")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Remove ฿50 off").click()

    expect(page.locator("s-banner")).to_contain_text("Removed. Your petals are back.")
    expect(page.get_by_role("heading")).to_have_text("You have 1,240 petals")
    assert checkout.codes == []
    assert checkout.released == ["9"]


def test_a_reward_can_be_removed_before_the_app_has_said_what_points_are_called(visit: Visit):
    checkout, page = visit()
    use_first(page)
    expect(page.get_by_text("฿50 off is on this order")).to_be_visible()
    checkout.panel_gate.clear()

    page.reload()
    page.get_by_role("button", name="Remove ฿50 off").click()
    expect(page.locator("s-banner")).to_contain_text("Removed. Your points are back.")

    checkout.panel_gate.set()
    expect(page.locator("s-banner")).to_contain_text("Removed. Your petals are back.")
    expect(page.get_by_role("heading")).to_have_text("You have 1,240 petals")


def test_where_codes_cannot_be_changed_no_button_pretends_otherwise(visit: Visit):
    _, page = visit(can_update_codes=False)

    expect(page.get_by_text("They wait in your account.")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_guests_read_one_line_and_nothing_is_fetched(visit: Visit):
    checkout, page = visit(signed_in=False)

    expect(page.locator("body")).to_have_text("Sign in to use your rewards and earn on this order.")
    assert checkout.asked == []


def test_an_amount_is_chosen_and_asked_for_with_what_the_cart_comes_to(visit: Visit):
    checkout, page = visit(rewards=3)
    expect(page.get_by_text("200 of 1,240 petals")).to_be_visible()

    page.get_by_label("How much").select_option("฿30 off")
    expect(page.get_by_text("300 of 1,240 petals")).to_be_visible()
    page.get_by_role("button", name="Use ฿30 off: 300 of 1,240 petals").press("Enter")

    expect(page.get_by_text("is on this order")).to_be_visible()
    asked = checkout.redeemed[0]
    assert (asked["reward"], asked["choice"]) == ("5", "300")
    assert (asked["subtotal"], asked["currency"]) == ("480", "THB")
    assert serious_findings(page) == []


def test_nothing_to_use_yet_is_said_kindly(visit: Visit):
    _, page = visit(rewards=0)

    expect(page.get_by_text("Nothing to use yet. This order brings more.")).to_be_visible()


def test_a_panel_that_does_not_load_can_be_tried_again(visit: Visit):
    checkout, page = visit(panel_status=503)
    expect(page.get_by_text("Your rewards did not load.")).to_be_visible()

    checkout.panel_status = 200
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("button", name="Use Free shipping: 800 petals")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "th"])
def test_axe_finds_nothing_serious(visit: Visit, locale: str):
    _, page = visit(locale=locale, width=360)
    page.get_by_role("button").first.click()
    expect(page.get_by_role("button")).to_have_count(3)

    assert serious_findings(page) == []
