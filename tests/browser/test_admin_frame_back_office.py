"""The back office in a real browser: what asks before it does, and how it fits a phone."""

import re

import pytest
from playwright.sync_api import expect

from devstore.store import CartLine, Shipping
from devstore.store.terms import Terms
from tests.devstore.frame.fixtures import admin, chromium, page, phone, serious_findings

__all__ = ["admin", "chromium", "page", "phone"]

pytestmark = pytest.mark.browser


@pytest.fixture
def order(admin):
    """Four packets of tea for ฿120 each, paid, and ฿50 for sending them."""
    store = admin.services.store
    mali = store.customers.create(first_name="Mali", email="mali@example.com")
    tea = store.products.all()[0].variants[0]
    return store.orders.place(mali.id, [CartLine(tea.id, 4)], shipping=Shipping("Standard", 5_000))


def test_half_an_order_is_refunded_by_line(page, admin, order):
    page.goto(f"{admin.url}/admin/orders")
    page.get_by_role("link", name=order.name).click()
    page.get_by_role("link", name="Refund").click()
    page.get_by_role("radio", name=re.compile("Some items")).click()
    page.get_by_label(re.compile("How many of")).fill("2")

    page.get_by_role("button", name="Refund…").click()
    page.locator("#ask-refund").get_by_role("button", name="Refund", exact=True).click()

    expect(page.get_by_text("Refunded.")).to_be_visible()
    expect(page.get_by_text("-฿240.00")).to_be_visible()
    assert admin.services.store.orders.require(order.id).lines[0].current_quantity == 2


def test_cancelling_is_asked_about_and_can_be_thought_better_of(page, admin, order):
    page.goto(f"{admin.url}/admin/orders/{order.id}")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Cancel order…").click()
    modal = page.locator("#ask-cancel")
    expect(modal.get_by_text("฿530.00 is paid back")).to_be_visible()

    modal.get_by_role("button", name="Cancel", exact=True).click()

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert admin.services.store.orders.require(order.id).cancelled_at is None


def test_a_confirmed_cancellation_happens(page, admin, order):
    page.goto(f"{admin.url}/admin/orders/{order.id}")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Cancel order…").click()

    page.locator("#ask-cancel").get_by_role("button", name="Cancel order").click()

    expect(page.get_by_text("Order cancelled.")).to_be_visible()
    assert admin.services.store.orders.require(order.id).financial_status == "refunded"


def test_the_menu_works_by_keyboard(page, admin, order):
    page.goto(f"{admin.url}/admin/orders/{order.id}")
    page.get_by_role("button", name="More actions").focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_contain_text("Delete order")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_new_order_is_placed_from_a_customers_page(page, admin, order):
    page.goto(f"{admin.url}/admin/customers/{order.customer_id}")
    page.get_by_role("link", name="Create order").click()
    page.get_by_label(re.compile("Quantity of Jasmine green tea · 50 g")).fill("1")

    page.get_by_role("button", name="Create order").click()

    expect(page.get_by_text("Order placed.")).to_be_visible()
    placed = admin.services.store.orders.all()[0]
    assert (placed.customer_id, placed.total_minor) == (order.customer_id, 12_000)


def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(page, admin):
    page.goto(f"{admin.url}/admin/customers/new")
    page.get_by_label("First name").fill("Nok")
    page.get_by_label("Email").fill("nowhere")

    page.get_by_role("button", name="Add customer").click()

    field = page.get_by_label("Email")
    expect(field).to_have_accessible_description("Enter an email such as mali@example.com")
    expect(field).to_have_value("nowhere")
    expect(page.get_by_label("First name")).to_have_value("Nok")


def test_the_weather_is_changed_from_the_top_bar(page, admin):
    page.goto(f"{admin.url}/admin/orders")

    page.get_by_label("Webhook weather").select_option("late")

    expect(page.get_by_label("Webhook weather")).to_have_value("late")
    expect(page).to_have_url(f"{admin.url}/admin/orders")
    assert admin.services.store.database.setting("weather") == "late"


def test_two_weeks_pass_at_a_press(page, admin):
    page.goto(f"{admin.url}/admin/clock")

    page.get_by_role("button", name="Two weeks later").click()

    expect(page.get_by_text("14 days ahead of the real time.")).to_be_visible()
    assert page.request.get(f"{admin.url}/clock").json()["offset_seconds"] == 14 * 86_400


PATHS = ["", "/orders", "/orders/new", "/customers", "/customers/new", "/deliveries", "/clock",
         "/products", "/products/8100000000001", "/theme", "/settings/apps"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious_and_a_phone_is_wide_enough(phone, admin, order, path):
    phone.goto(f"{admin.url}/admin{path}")

    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("part", ["", "/refund", "/edit", "/return", "/customer"])
def test_an_orders_pages_are_sound_too(phone, admin, order, part):
    phone.goto(f"{admin.url}/admin/orders/{order.id}{part}")

    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_the_pages_of_an_order_in_many_states_are_sound(phone, admin, order):
    store = admin.services.store
    tea = store.products.all()[0].variants[0]
    terms = Terms(tip_minor=1_000, duty_bp=1_000, presentment_currency="USD")
    many = store.orders.place(order.customer_id, [CartLine(tea.id, 4)], terms=terms)
    store.orders.take_back(many.id, [(many.lines[0].id, 1)], [CartLine(tea.id + 13, 2)])
    store.orders.refund(many.id, amount_minor=500, pending=True)
    store.orders.archive(many.id)
    phone.goto(f"{admin.url}/admin/orders/{many.id}")
    expect(phone.get_by_text("· Exchange")).to_be_visible()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

    phone.goto(f"{admin.url}/admin/orders/{many.id}/payment")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_an_exchange_is_made_by_keyboard(page, admin, order):
    page.goto(f"{admin.url}/admin/orders/{order.id}")
    page.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Return or exchange…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Return or exchange")).to_be_visible()

    page.get_by_label(re.compile("How many came back")).fill("1")
    page.get_by_label(re.compile("How many came back")).press("Enter")

    expect(page.get_by_text("Return processed.")).to_be_visible()
    assert admin.services.store.orders.require(order.id).lines[0].current_quantity == 3
