"""The checkout in a real browser, with a small extension in its frame."""

import pytest
from playwright.sync_api import expect

from tests.devstore.storefront.shop import running_shop

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(tmp_path):
    with running_shop(tmp_path) as running:
        yield running


@pytest.fixture
def page(shop, new_page):
    """A page of Mali's, who has a pot of tea in her cart and is at the checkout."""
    mali = shop.customer()
    shop.give_points(mali, 1240)
    page = new_page(base_url=shop.url, viewport={"width": 1280, "height": 900})
    page.request.post("/account/login", form={"customer": str(mali.id)})
    page.request.post("/cart/add.js", data={"id": shop.variant("jasmine-tea"), "quantity": 1})
    page.goto("/checkout")
    return page


def extension(page):
    return page.frame_locator("iframe.extension")


def test_the_extension_knows_who_shops_and_what_they_have(page, shop):
    mali = shop.services.store.customers.by_email("mali@example.com")

    expect(extension(page).locator("s-heading")).to_have_text("Hello Mali")
    expect(extension(page).locator("#points")).to_have_text("1240 petals")
    expect(extension(page).locator("#sub")).to_have_text(mali.gid)
    expect(extension(page).locator("#total")).to_have_text("฿170.00")


def test_a_code_of_the_extension_changes_the_whole_checkout(page, shop):
    shop.code("TEA50", amount_minor=5000)

    extension(page).locator("#use").click()

    expect(extension(page).locator("#outcome")).to_have_text("success")
    expect(extension(page).locator("#codes")).to_have_text("TEA50")
    expect(extension(page).locator("#total")).to_have_text("฿120.00")
    expect(page.locator("[data-checkout-total]")).to_contain_text("฿120")
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("heading", name="Thank you, Mali")).to_be_visible()
    (order,) = shop.services.store.orders.all()
    assert order.total_minor == 12000


def test_a_code_typed_into_the_checkout_reaches_the_extension(page, shop):
    shop.code("TEN", percentage_bp=1000)

    page.get_by_label("Discount code or gift card", exact=True).fill("TEN")
    page.get_by_role("button", name="Apply").click()

    expect(extension(page).locator("#codes")).to_have_text("TEN")
    page.get_by_role("button", name="Remove code TEN").click()
    expect(extension(page).locator("#codes")).to_have_text("")


def test_a_refused_code_is_explained_under_the_field(page):
    page.get_by_label("Discount code or gift card", exact=True).fill("NOPE")
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#code-error")).to_have_text("The code NOPE does not exist.")


def test_the_simulated_failure_reaches_the_extension(page, shop):
    shop.code("TEA50", amount_minor=5000)
    page.get_by_label("Simulate: discount code cannot be applied").check()
    page.wait_for_load_state()

    extension(page).locator("#use").click()

    expect(extension(page).locator("#outcome")).to_contain_text("error:")
    expect(extension(page).locator("#codes")).to_have_text("")


def test_the_delivery_method_changes_total_and_button(page):
    page.get_by_text("Motorbike courier, today").click()

    expect(page.locator("[data-checkout-total]")).to_contain_text("฿220")
    expect(extension(page).locator("#total")).to_have_text("฿220.00")
    page.get_by_text("Cash on delivery").click()
    expect(page.get_by_role("button", name="Place order")).to_contain_text("฿220")
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_text("Pay the courier ฿220 when it arrives.")).to_be_visible()


def test_the_frame_is_as_tall_as_the_extension(page):
    extension(page).locator("#use").wait_for()
    page.wait_for_function("document.querySelector('iframe.extension').height > 80")

    frame = page.locator("iframe.extension").bounding_box()
    inside = extension(page).locator("body").bounding_box()
    assert frame["height"] - inside["height"] == pytest.approx(0, abs=2)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("locale", ["en", "th"])
def test_the_checkout_fits_its_window(page, width, locale):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/checkout?locale={locale}")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
