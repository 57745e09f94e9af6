"""The admin frame in a real browser, with a small embedded app inside it."""

import re
from html import unescape

import pytest
import requests
from playwright.sync_api import expect

from tests.devstore.frame.fixtures import (
    admin,
    chromium,
    needs_turbo,
    page,
    phone,
    serious_findings,
)

__all__ = ["admin", "chromium", "page", "phone"]

pytestmark = pytest.mark.browser


def open_app(page, admin, path=""):
    """Open the app in the admin and return its iframe."""
    needs_turbo()
    page.goto(f"{admin.url}/admin/apps/regulars{path}")
    app = page.frame_locator("iframe")
    app.locator("s-page h1").wait_for()
    return app


def documents(admin):
    """Requests for whole documents, which carry their token in the address."""
    return [path for method, path, bearer in admin.app.log if not bearer]


def test_the_app_is_opened_in_the_language_of_whoever_looks(admin):
    page = requests.get(
        f"{admin.url}/admin/apps/regulars", headers={"Accept-Language": "th-TH"}, timeout=30
    ).text

    assert "locale=th&" in unescape(page)


def test_the_app_opens_with_a_token_it_can_trust(page, admin):
    app = open_app(page, admin)

    expect(app.get_by_role("heading", name="Welcome")).to_be_visible()
    assert admin.app.log == [("GET", "/", False)]


def test_opening_the_app_installs_it(page, admin):
    open_app(page, admin)

    assert admin.services.store.installation.installed


def test_links_inside_elements_navigate_without_a_new_document(page, admin):
    app = open_app(page, admin)

    app.get_by_role("link", name="Open settings").click()

    expect(app.get_by_role("heading", name="Settings")).to_be_visible()
    assert admin.app.log[-1] == ("GET", "/settings", True)
    assert documents(admin) == ["/"]


def test_the_address_bar_and_the_navigation_follow_the_app(page, admin):
    app = open_app(page, admin)

    app.get_by_role("link", name="Open settings").click()

    expect(page).to_have_url(f"{admin.url}/admin/apps/regulars/settings")
    expect(page).to_have_title(re.compile("Settings"))
    current = page.locator(".nav [aria-current=page]")
    expect(current).to_have_text("Settings")


def test_the_admins_own_links_to_the_app_go_through_the_app(page, admin):
    app = open_app(page, admin)

    page.get_by_role("link", name="Members").click()

    expect(app.get_by_role("heading", name="Members")).to_be_visible()
    assert documents(admin) == ["/"]


def test_back_returns_to_the_page_before(page, admin):
    app = open_app(page, admin)
    app.get_by_role("link", name="Open settings").click()
    expect(page).to_have_url(re.compile("settings$"))

    page.go_back()

    expect(app.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(page).to_have_url(f"{admin.url}/admin/apps/regulars")


def test_a_deep_link_opens_that_page_of_the_app(page, admin):
    app = open_app(page, admin, "/members/7")

    expect(app.get_by_role("heading", name="Members")).to_be_visible()
    assert documents(admin) == ["/members/7"]


def test_a_reload_inside_the_frame_comes_back_through_the_patch_page(page, admin):
    app = open_app(page, admin)
    app.get_by_role("link", name="Open settings").click()
    expect(app.get_by_role("heading", name="Settings")).to_be_visible()

    page.frames[1].evaluate("window.old = true")

    page.frames[1].evaluate("location.reload()")

    page.frames[1].wait_for_function("!window.old && document.querySelector('s-page form')")
    # Without a token the app sends to its patch page, which loads the same path with a new one.
    assert documents(admin) == ["/", "/settings", "/settings"]


def test_a_refused_token_is_replaced_once(page, admin):
    app = open_app(page, admin)
    admin.app.refuse_once = True

    app.get_by_role("link", name="Open settings").click()

    expect(app.get_by_role("heading", name="Settings")).to_be_visible()
    assert admin.app.log[-2:] == [("GET", "/settings", True)] * 2


def test_an_edit_shows_the_save_bar_and_taking_it_back_hides_it(page, admin):
    app = open_app(page, admin, "/settings")
    bar = page.get_by_role("region", name="Unsaved changes")

    app.get_by_label("Points name").fill("stars")
    expect(bar).to_be_visible()
    app.get_by_label("Points name").fill("petals")

    expect(bar).to_be_hidden()


def test_save_submits_every_kind_of_field(page, admin):
    app = open_app(page, admin, "/settings")
    app.get_by_label("Points name").fill("stars")
    app.get_by_label("Rate").fill("2")
    app.get_by_label("Rounding").select_option("half-up")
    app.get_by_label("Include tax").check()
    app.get_by_role("switch", name="Programme is on").click()
    app.get_by_role("radio", name="Left").click()

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("region", name="Unsaved changes")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"settings\?saved=1$"))
    assert admin.app.saved == [
        [
            ("name", "stars"),
            ("rate", "2"),
            ("rounding", "half-up"),
            ("tax", "yes"),
            ("corner", "left"),
        ]
    ]


def test_discard_brings_the_saved_values_back(page, admin):
    app = open_app(page, admin, "/settings")
    app.get_by_label("Points name").fill("stars")
    app.get_by_role("radio", name="Left").click()

    page.get_by_role("button", name="Discard").click()

    expect(app.get_by_label("Points name")).to_have_value("petals")
    expect(app.get_by_role("radio", name="Right")).to_be_checked()
    expect(page.get_by_role("region", name="Unsaved changes")).to_be_hidden()


def test_a_refused_form_shows_its_error_and_stays_unsaved(page, admin):
    app = open_app(page, admin, "/settings")
    app.get_by_label("Points name").fill("")

    page.get_by_role("button", name="Save", exact=True).click()

    field = app.get_by_label("Points name")
    expect(field).to_have_accessible_description("Give your points a name")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("region", name="Unsaved changes")).to_be_visible()


def test_discard_after_a_refusal_loads_what_is_saved(page, admin):
    app = open_app(page, admin, "/settings")
    app.get_by_label("Points name").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    app.get_by_text("Give your points a name").wait_for()

    page.get_by_role("button", name="Discard").click()

    expect(app.get_by_label("Points name")).to_have_value("petals")
    expect(page.get_by_role("region", name="Unsaved changes")).to_be_hidden()


@pytest.mark.parametrize("where", ["frame", "app"])
def test_leaving_unsaved_changes_is_asked_about(page, admin, where):
    app = open_app(page, admin, "/settings")
    app.get_by_label("Points name").fill("stars")
    if where == "frame":
        page.get_by_role("link", name="Members").click()
    else:
        page.frames[1].evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<a id=out href=/members>Out</a>')"
        )
        app.locator("#out").click()

    page.get_by_role("button", name="Stay").click()
    expect(app.get_by_label("Points name")).to_have_value("stars")
    page.get_by_role("link", name="Members").click()
    page.get_by_role("button", name="Leave page").click()

    expect(app.get_by_role("heading", name="Members")).to_be_visible()


def test_the_form_can_be_filled_and_sent_by_keyboard(page, admin):
    app = open_app(page, admin, "/settings")
    app.get_by_label("Points name").focus()

    page.keyboard.press("Control+A")
    page.keyboard.type("coins")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the checkbox
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")  # the radio buttons
    app.get_by_label("Rate").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"saved=1$"))
    sent = dict(admin.app.saved[0])
    assert (sent["name"], sent["tax"], sent["corner"]) == ("coins", "yes", "left")


def test_a_toast_shows_in_the_admin(page, admin):
    app = open_app(page, admin)

    app.get_by_role("button", name="Toast").click()

    expect(page.get_by_role("status")).to_contain_text("Saved")


def test_a_link_to_the_admin_leaves_the_app(page, admin):
    app = open_app(page, admin)

    app.get_by_role("link", name="Theme").click()

    expect(page).to_have_url(f"{admin.url}/admin/theme")


def test_the_app_learns_whether_its_embed_is_on(page, admin):
    open_app(page, admin)
    frame = page.frames[1]

    def status():
        extensions = frame.evaluate("shopify.app.extensions()")
        return extensions[0]["activations"][0]["status"]

    assert status() == "active"
    page.request.post(f"{admin.url}/admin/theme", form={})
    assert status() == "available"


def test_products_are_picked_from_the_stores_own(page, admin):
    open_app(page, admin)
    frame = page.frames[1]
    # Not awaited: it resolves once the merchant has picked.
    frame.evaluate(
        "void shopify.resourcePicker({type: 'product'}).then((it) => { window.picked = it })"
    )

    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Select").click()

    frame.wait_for_function("window.picked")
    first = admin.services.store.products.all()[0]
    assert frame.evaluate("window.picked[0].id") == first.gid


def test_another_window_cannot_ask_for_a_token(page, admin):
    open_app(page, admin)

    heard = page.evaluate(
        """async () => {
          const iframe = document.createElement("iframe");
          iframe.srcdoc = `<script>
            addEventListener("message", () => parent.postMessage("leaked", "*"));
            parent.postMessage({channel: "shopify-admin-frame", type: "id-token", id: 1}, "*");
          </script>`;
          let heard = false;
          addEventListener("message", (event) => { if (event.data === "leaked") heard = true; });
          document.body.append(iframe);
          await new Promise((resolve) => setTimeout(resolve, 500));
          return heard;
        }"""
    )

    assert heard is False


def test_at_phone_width_the_navigation_opens_and_closes(phone, admin):
    app = open_app(phone, admin)
    phone.get_by_role("button", name="Open the navigation").click()

    phone.get_by_role("link", name="Members").click()

    expect(app.get_by_role("heading", name="Members")).to_be_visible()
    expect(phone.get_by_role("link", name="Orders")).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("path", ["", "/settings", "/members"])
def test_axe_finds_nothing_serious(page, admin, path):
    open_app(page, admin, path)

    assert serious_findings(page) == []
    assert serious_findings(page.frames[1]) == []


def test_nothing_is_kept_in_cookies_or_storage(page, admin):
    open_app(page, admin, "/settings")

    assert page.context.cookies() == []
    assert page.frames[1].evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_merchant_is_asked_what_more_the_app_may_see(page, admin):
    open_app(page, admin)
    frame = page.frames[1]
    ask = "void shopify.scopes.request({}).then((it) => {{ window.answer = it.result }})"
    wanted = frame.evaluate("shopify.scopes.query()")["optional"]

    frame.evaluate(ask.format(wanted))
    page.get_by_role("button", name="Decline").click()
    frame.wait_for_function("window.answer === 'declined-all'")
    frame.evaluate(ask.format(wanted))
    page.get_by_role("button", name="Allow").click()
    frame.wait_for_function("window.answer === 'granted-all'")

    assert set(wanted) <= set(frame.evaluate("shopify.scopes.query()")["granted"])
    assert set(wanted) <= set(admin.services.store.installation.scopes)
