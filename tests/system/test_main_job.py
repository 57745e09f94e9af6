"""The main job, end to end, in a browser: install, earn, redeem twice, pay, refund half."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.system.shopping import sign_up

pytestmark = pytest.mark.browser

# Jasmine green tea, 100 g, costs ฿215; ฿25 of spend earn a point; 100 points take ฿125 off.
TEA = "/products/jasmine-tea"
SETTLED_MS = 60_000


def install(page):
    page.goto("/admin/apps/regulars/")
    app = page.frame_locator("iframe")
    expect(app.get_by_text("Set up your programme")).to_be_visible(timeout=SETTLED_MS)
    return app


def fill_cart(page, quantity):
    page.goto(TEA)
    page.get_by_text("100 g").click()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("In your cart")).to_be_visible()
    page.request.post("/cart/change.js", data={"line": 1, "quantity": quantity})


def pay(page):
    page.get_by_role("button", name=re.compile("Pay now")).click()
    page.wait_for_url("**/checkout/thanks/*")
    return int(page.url.rpartition("/")[2])


def launcher_shows(page, points):
    """Reload the shop until the launcher's balance, which comes from metafields, is `points`."""
    launcher = page.locator("regulars-rewards .launcher .label")
    page.goto("/")
    for _attempt in range(SETTLED_MS // 500):
        if launcher.inner_text() == points:
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(launcher).to_have_text(points)


def open_panel(page):
    page.locator("regulars-rewards .launcher").click()
    return page.locator("regulars-panel")


def panel_shows(page, words):
    """Open the panel anew until it tells what the worker has done by then."""
    for _attempt in range(SETTLED_MS // 1_000):
        page.goto("/")
        found = open_panel(page).get_by_text(words)
        with suppress(TimeoutError):
            found.wait_for(timeout=1_000)
            return
    expect(found).to_be_visible()


def refund_half(page, order_id):
    form = page.request.get(f"/admin/orders/{order_id}/refund").text()
    line_id = re.search(r'name="quantity-(\d+)"', form)[1]
    fields = {"kind": "lines", f"quantity-{line_id}": "5", "restock": "1"}
    assert page.request.post(f"/admin/orders/{order_id}/refund", form=fields).ok


def test_from_install_to_a_refund_every_number_is_right(running, new_page):
    page = new_page(base_url=running.store_url, viewport={"width": 1280, "height": 900})
    page.set_default_timeout(SETTLED_MS)

    install(page)
    sign_up(page, "mali@example.com")
    launcher_shows(page, "50")

    # ฿4,300 earn 172 points, which can be used after 14 days.
    fill_cart(page, 20)
    page.goto("/checkout")
    pay(page)
    panel_shows(page, re.compile("172 more on"))
    page.get_by_role("button", name="+14 days").click()
    launcher_shows(page, "222")

    # ฿215 less ฿125 leave ฿90, which earn 3 points.
    fill_cart(page, 1)
    panel = open_panel(page)
    panel.get_by_role("button", name="Redeem ฿125 off").click()
    expect(panel.get_by_text("฿125 off is on your cart").first).to_be_visible()
    assert page.request.get("/cart.js").json()["total_price"] == 9_000
    page.goto("/checkout")
    pay(page)
    launcher_shows(page, "122")

    # In checkout: ฿2,150 less ฿125 leave ฿2,025, which earn 81 points.
    fill_cart(page, 10)
    page.goto("/checkout")
    extension = page.frame_locator("iframe[src*='/checkout/extension/']")
    extension.get_by_role("button", name="Use").first.click()
    expect(page.get_by_text("฿2,025").first).to_be_visible()
    order_id = pay(page)
    launcher_shows(page, "22")

    # Half of it goes back: the order is worth 40 points, and half of the 100 spent return.
    refund_half(page, order_id)
    launcher_shows(page, "72")
    panel = open_panel(page)
    expect(panel.get_by_text(re.compile("43 more on"))).to_be_visible()
    panel.get_by_role("tab", name="History").click()
    expect(panel.get_by_text("Order #1003").first).to_be_visible()

    # Staff see the same.
    page.goto("/admin/apps/regulars/members")
    app = page.frame_locator("iframe")
    app.get_by_role("link", name="Mali Srisuk").click()
    figures = app.locator(".figure")
    expect(figures.nth(0)).to_contain_text("Available")
    expect(figures.nth(0).locator(".number")).to_have_text("72")
    expect(figures.nth(1).locator(".number")).to_have_text("43")
    expect(figures.nth(2).locator(".number")).to_have_text("0")
    page.goto("/admin/apps/regulars/")
    expect(app.locator(".figure .number").first).to_have_text("1")

    proof = running.command("verify-ledger")
    assert proof.returncode == 0, proof.stdout + proof.stderr
