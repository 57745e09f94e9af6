"""The log of webhooks in the back office."""

import pytest

from devstore.store import CartLine


@pytest.fixture
def order(services, mali, tea):
    """An order whose webhooks are queued; nothing sends them here."""
    services.store.installation.install()
    placed = services.store.orders.place(mali.id, [CartLine(tea.id, 1)])
    services.sender.deliveries.take_in_events()
    return placed


def newest(services):
    return services.sender.deliveries.all()[0]


def test_an_empty_log_says_what_will_be_here(web):
    assert "Webhooks will be here" in web.get("/admin/deliveries").text


def test_each_delivery_is_listed_with_what_it_is_about(web, order):
    page = web.get("/admin/deliveries").text

    assert "orders/create" in page
    assert order.name in page


def test_a_refunds_delivery_names_its_order(services, web, order):
    services.store.orders.refund(order.id, amount_minor=1_000)
    services.sender.deliveries.take_in_events()

    page = web.get("/admin/deliveries?q=refunds/create").text

    assert order.name in page


def test_deliveries_are_found_by_order(services, web, mali, tea, order):
    other = services.store.orders.place(mali.id, [CartLine(tea.id, 2)])
    services.sender.deliveries.take_in_events()

    page = web.get(f"/admin/deliveries?q={order.id}").text

    assert order.name in page
    assert other.name not in page


def test_deliveries_are_found_by_state(services, web, order):
    services.sender.deliveries.settle(newest(services), 500, None, 12)

    assert "orders/" in web.get("/admin/deliveries?state=waiting").text
    assert "No delivery matches" in web.get("/admin/deliveries?state=failed").text


def test_the_payload_can_be_read(services, web, order):
    page = web.get(f"/admin/deliveries/{newest(services).id}").text

    assert f"{order.id}" in page
    assert "X-Shopify-Webhook-Id" in page


def test_the_apps_answer_is_shown(services, web, order):
    services.sender.deliveries.settle(newest(services), 200, None, 12)

    assert "200 in 12 ms" in web.get(f"/admin/deliveries/{newest(services).id}").text


def test_a_lost_delivery_is_sent_again(services, web, mali, tea, order):
    web.post("/admin/weather", data={"weather": "lost"})
    services.store.orders.place(mali.id, [CartLine(tea.id, 1)])
    services.sender.deliveries.take_in_events()
    lost = newest(services)
    assert lost.state == "lost"

    web.post(f"/admin/deliveries/{lost.id}/again")

    assert services.sender.deliveries.get(lost.id).state == "waiting"


def test_the_weather_is_shown_on_every_page(web):
    web.post("/admin/weather", data={"weather": "twice"})

    page = web.get("/admin/orders").text
    bar = page.partition('name="weather"')[2].partition("</select>")[0]
    assert '<option value="twice" selected>' in bar


def test_an_unknown_delivery_is_not_found(web):
    assert web.get("/admin/deliveries/9").status_code == 404
