"""The shop in a real browser: buying, codes, languages, looks, and the app's blocks on its pages."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serious_findings
from tests.devstore.storefront.shop import running_shop

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = ("/", "/products/jasmine-tea", "/cart", "/account/login")


@pytest.fixture
def shop(tmp_path):
    with running_shop(tmp_path) as running:
        yield running


@pytest.fixture
def page(shop, new_page):
    return new_page(base_url=shop.url, viewport=DESKTOP)


def fill_cart(page):
    page.goto("/products/jasmine-tea")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("In your cart")).to_be_visible()


def test_a_shopper_chooses_a_size_and_adds_it(page):
    page.goto("/products/jasmine-tea")

    page.get_by_text("100 g").click()
    expect(page.locator("[data-price]")).to_have_text("฿215")
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="Add to cart").click()

    expect(page.locator("[data-cart-count]")).to_have_text("2")
    page.get_by_role("link", name="View cart").click()
    expect(page.locator("[data-cart-total]")).to_have_text("฿430")


def test_quantities_change_and_lines_go_without_a_reload(page):
    fill_cart(page)
    page.goto("/cart")
    page.evaluate("window.samePage = true")

    page.get_by_role("button", name="One more").click()
    expect(page.locator("[data-cart-total]")).to_have_text("฿240")
    page.get_by_role("button", name="Remove Jasmine green tea").click()

    expect(page.get_by_text("Your cart is empty. The kettle is on.")).to_be_visible()
    assert page.evaluate("window.samePage")


def test_codes_are_added_explained_and_removed(page, shop):
    shop.code("TEN", percentage_bp=1000)
    fill_cart(page)
    page.goto("/cart")

    for code in ("ten", "nope"):
        page.get_by_label("Discount code", exact=True).fill(code)
        page.get_by_role("button", name="Apply").click()
        expect(page.locator(".codes")).to_contain_text(code, ignore_case=True)

    expect(page.get_by_text("฿12 off")).to_be_visible()
    expect(page.get_by_text("The code nope does not exist.")).to_be_visible()
    page.get_by_role("button", name="Remove code TEN").click()
    expect(page.locator("[data-cart-total]")).to_have_text("฿120")


def test_a_widget_that_puts_a_code_on_the_cart_is_seen_on_the_cart_page(page, shop):
    shop.code("TEA50", amount_minor=5000)
    fill_cart(page)
    page.goto("/cart")

    result = page.evaluate(
        """async () => {
          const events = [];
          document.addEventListener('shopify:cart:discount-update', (event) => {
            events.push(event.discountCodes.map(({code}) => code));
          });
          const {cart, userErrors} = await Shopify.actions.updateCart({discountCodes: ['TEA50']});
          return {events, codes: cart.discountCodes, total: cart.cost.totalAmount, userErrors};
        }"""
    )

    assert result["events"] == [["TEA50"]]
    assert result["codes"] == [{"code": "TEA50", "applicable": True}]
    assert result["total"] == {"amount": "70.00", "currencyCode": "THB"}
    assert result["userErrors"] == []
    expect(page.locator("[data-cart-total]")).to_have_text("฿70")


def test_a_theme_may_replace_the_standard_action(page):
    page.goto("/")

    answers = page.evaluate(
        """async () => {
          const before = Shopify.actions.updateCart.isDefault();
          Shopify.actions.updateCart.configure(async (payload) => ({mine: payload}));
          return [before, Shopify.actions.updateCart.isDefault(), await Shopify.actions.updateCart(1)];
        }"""
    )

    assert answers == [True, False, {"mine": 1}]


def test_a_declined_change_comes_back_as_a_user_error(page):
    page.goto("/")

    errors = page.evaluate(
        """async () => (await Shopify.actions.updateCart(
          {lines: [{merchandiseId: 'gid://shopify/ProductVariant/1', quantity: 1}]})).userErrors"""
    )

    assert [error["message"] for error in errors] == ["Cannot find variant"]


def test_the_embed_runs_on_the_page(page, shop):
    mali = shop.customer()
    shop.give_points(mali, 1240)
    page.goto("/account/login")

    page.get_by_role("button", name="Sign in: Mali").click()

    expect(page.locator("#points")).to_have_text("1240 petals")
    expect(page.locator("html")).to_have_attribute("data-greeting", "ran")


def test_the_bar_signs_in_and_changes_the_look_at_once(page, shop):
    shop.customer()
    page.goto("/")

    page.get_by_label("Shopper").select_option(label="Mali")
    expect(page.locator(".shop-tools")).to_contain_text("Mali")
    page.get_by_label("Theme").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-look", "dark")
    page.get_by_label("Corners").select_option("0")
    expect(page.locator("html")).to_have_attribute("data-corners", "0")


def test_the_bar_takes_what_is_changed_before_its_script_is_there(page):
    page.route("**/dev_bar.js", lambda route: route.abort())
    page.goto("/")

    page.get_by_label("Theme").select_option("dark")

    expect(page.locator("html")).to_have_attribute("data-look", "dark")


def test_the_phone_preview_is_a_phone(page):
    page.goto("/products/jasmine-tea")

    page.get_by_role("link", name="Phone").click()
    inside = page.frame_locator("iframe")

    expect(inside.get_by_role("heading", name="Jasmine green tea", level=1)).to_be_visible()
    expect(inside.locator(".dev-bar")).to_have_count(0)
    assert inside.locator("html").evaluate("root => root.clientWidth") == 390


@pytest.mark.parametrize("locale", ["en", "th"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_is_wider_than_its_window(shop, new_page, viewport, locale):
    page = new_page(base_url=shop.url, viewport=viewport)
    page.request.post("/devstore/bar", form={"locale": locale})

    for path in PAGES:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path


@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_serious_stands_in_anybodys_way(page, shop, look):
    shop.code("TEN", percentage_bp=1000)
    # The shop's own pages: without the fixture's app embed.
    page.request.post("/devstore/bar", form={"look": look, "embed_shown": "1"})
    page.request.post("/cart/add.js", data={"id": shop.variant("jasmine-tea"), "quantity": 1})
    page.request.post("/cart/update.js", data={"discount": "TEN,NOPE"})

    for path in (*PAGES, "/checkout"):
        page.goto(path)
        assert serious_findings(page) == [], path


def test_everything_can_be_bought_without_scripts(shop, new_page):
    page = new_page(base_url=shop.url, java_script_enabled=False)
    page.goto("/products/rice-milk-soap")

    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_label("Email").fill("guest@example.com")
    page.get_by_role("button", name="Pay now").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
