"""Webhooks are signed, complete, told for every change, tried again, and kept."""

import base64
import hmac
import json
import re
from datetime import datetime

import pytest
import requests

from devstore.store import CartLine, Shipping
from devstore.webhooks.retry import next_delay


def quiet(running):
    assert running.services.sender.wait_until_quiet(20)


def test_a_webhook_is_signed_and_carries_every_header(running, intake):
    running.customer()
    intake.wait_for(1)

    headers, body = intake.arrived[0]
    secret = running.store.tokens.client_secret.encode()
    expected = base64.b64encode(hmac.digest(secret, body, "sha256")).decode()
    assert headers["X-Shopify-Hmac-Sha256"] == expected
    assert headers["X-Shopify-Topic"] == "customers/create"
    assert headers["X-Shopify-Shop-Domain"] == "regulars-demo.myshopify.com"
    assert headers["X-Shopify-Api-Version"] == "2026-10"
    assert {"X-Shopify-Webhook-Id", "X-Shopify-Event-Id", "X-Shopify-Triggered-At"} <= set(headers)


def test_an_order_is_told_with_real_size_decimals_and_local_times(running, intake):
    customer = running.customer()
    variants = [product.variants[0] for product in running.store.products.all()[:3]]
    lines = [CartLine(variant.id, 2) for variant in variants]
    order = running.store.orders.place(customer.id, lines, shipping=Shipping("Standard", 4000))
    intake.wait_for(4)

    body = next(
        body for headers, body in intake.arrived if headers["X-Shopify-Topic"] == "orders/paid"
    )
    told = json.loads(body)
    assert 8_000 <= len(body) <= 13_000
    assert told["id"] == order.id
    assert told["customer"]["id"] == customer.id
    assert told["total_price"] == "840.00"
    assert told["current_subtotal_price_set"]["shop_money"] == {
        "amount": "800.00",
        "currency_code": "THB",
    }
    assert told["updated_at"].endswith("+07:00")
    assert datetime.fromisoformat(told["updated_at"]) == order.updated_at
    assert re.fullmatch(r"\d+\.\d\d", told["line_items"][0]["price"])


@pytest.mark.parametrize(
    ("act", "topics"),
    [
        (lambda orders, order: orders.refund(order.id, [(order.lines[0].id, 1)]),
         {"refunds/create", "orders/updated"}),
        (lambda orders, order: orders.edit(order.id, {order.lines[0].id: 1}),
         {"orders/edited", "orders/updated"}),
        (lambda orders, order: orders.cancel(order.id),
         {"orders/cancelled", "orders/updated", "refunds/create"}),
        (lambda orders, order: orders.delete(order.id), {"orders/delete"}),
    ],
)  # fmt: skip
def test_every_change_of_an_order_is_told(running, intake, act, topics):
    order = running.order(running.customer())
    quiet(running)
    intake.arrived.clear()

    act(running.store.orders, order)
    quiet(running)

    assert set(intake.topics()) == topics


def test_a_paid_order_is_told_as_created_paid_and_updated(running, intake):
    running.order()
    quiet(running)

    assert sorted(intake.topics()) == ["orders/create", "orders/paid", "orders/updated"]


def test_a_merge_names_who_is_kept_and_who_is_gone(running, intake):
    kept, gone = running.customer("Kept"), running.customer("Gone")
    order = running.order(gone)

    running.store.customers.merge(kept.id, gone.id)
    quiet(running)

    body = next(b for h, b in intake.arrived if h["X-Shopify-Topic"] == "customers/merge")
    assert json.loads(body)["admin_graphql_api_customer_kept_id"] == kept.gid
    assert json.loads(body)["admin_graphql_api_customer_deleted_id"] == gone.gid
    assert running.store.orders.get(order.id).customer_id == kept.id
    assert running.store.customers.get(gone.id) is None


def test_a_change_of_the_shop_is_told(running, intake):
    running.store.update_shop(name="Baan Chaa", plan="Basic")
    running.store.installation.grant_optional(True)
    quiet(running)

    told = {headers["X-Shopify-Topic"]: json.loads(body) for headers, body in intake.arrived}
    assert told["shop/update"]["name"] == "Baan Chaa"
    assert "read_all_orders" in told["app/scopes_update"]["current"]
    shop = running.data("{ shop { name plan { shopifyPlus } } }")["shop"]
    assert shop == {"name": "Baan Chaa", "plan": {"shopifyPlus": False}}


def test_the_privacy_requests_are_told(running, intake):
    customer = running.customer()
    running.store.customers.request_data(customer.id)
    running.store.customers.redact(customer.id)
    running.store.installation.redact_shop()
    quiet(running)

    assert {"customers/data_request", "customers/redact", "shop/redact"} <= set(intake.topics())


def test_an_uninstalled_app_is_told_so_and_then_nothing_more(running, intake):
    running.store.installation.uninstall()
    running.customer()
    quiet(running)

    assert intake.topics() == ["app/uninstalled"]


def test_a_failed_webhook_is_tried_again_with_the_same_body(running, intake):
    intake.statuses = [500, 503, 200]

    running.customer()
    intake.wait_for(3)
    quiet(running)

    assert len({body for _, body in intake.arrived}) == 1
    assert len({headers["X-Shopify-Webhook-Id"] for headers, _ in intake.arrived}) == 1
    (delivery,) = running.services.sender.deliveries.all()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 3, 200)


def test_after_eight_retries_a_webhook_has_failed_and_can_be_sent_again(running, intake):
    intake.statuses = [500]
    running.customer()
    intake.wait_for(9)
    quiet(running)
    deliveries = running.services.sender.deliveries
    assert deliveries.all()[0].state == "failed"

    intake.statuses = [200]
    deliveries.send_again(deliveries.all()[0].id)
    quiet(running)

    assert deliveries.all()[0].state == "delivered"


def test_shopifys_own_schedule_retries_eight_times_over_four_hours():
    delays = [next_delay(attempts) for attempts in range(1, 10)]

    assert delays[-1] is None
    assert 3.5 * 3600 < sum(delay for delay in delays if delay) < 4.5 * 3600


def test_what_was_queued_is_sent_after_a_restart(start_store, intake):
    first = start_store(app_url="http://127.0.0.1:9", retry_seconds=0.2)
    first.store.installation.install()
    first.services.sender.stop()
    first.customer()
    assert first.services.sender.deliveries.pending() == 1

    object.__setattr__(first.services.sender._settings, "app_url", intake.url)
    first.services.sender.start()

    intake.wait_for(1)


@pytest.mark.parametrize(
    ("weather", "expected"),
    [
        ({"name": "twice"}, 2),
        ({"name": "lost"}, 0),
        ({"shuffle_seconds": 0.3}, 1),
        ({"late_seconds_min": 0.2, "late_seconds_max": 0.3}, 1),
    ],
)
def test_the_weather_decides_what_arrives(running, intake, weather, expected):
    answer = requests.post(f"{running.origin}/admin/weather", json=weather, timeout=60)
    assert answer.status_code == 200

    running.customer()
    quiet(running)

    assert len(intake.arrived) == expected
    ids = {headers["X-Shopify-Webhook-Id"] for headers, _ in intake.arrived}
    assert len(ids) == min(expected, 1)


def test_unknown_weather_is_refused(running):
    answer = requests.post(f"{running.origin}/admin/weather", json={"hail": 1}, timeout=60)

    assert answer.status_code == 422
