"""Histories follow their models and files, and the shop ends as was announced."""

import json
import os
import random
import statistics
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devstore.history.bulk_sender import BulkSender
from devstore.history.buying import draw_purchases
from devstore.history.cdnow import WrongCurrency, read_cdnow
from devstore.history.generate import generate
from devstore.history.happenings import store_history
from devstore.history.messages import Disorder, Message, disordered, messages
from devstore.history.online_retail import read_online_retail
from devstore.store.order_table import NumberTaken

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
WEEKS = 39

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not here")


def test_purchases_follow_the_published_model():
    chance = random.Random(7)
    until = NOW + timedelta(weeks=WEEKS)

    drawn = [draw_purchases(chance, NOW, until) for _ in range(6000)]

    # BG/NBD expects 1.1 repeat purchases in 39 weeks of these parameters.
    repeats = statistics.fmean(len(purchases) - 1 for purchases in drawn)
    assert 0.95 < repeats < 1.3
    # Gamma-Gamma's mean spend is p * gamma / (q - 1) = 35.22.
    spend = statistics.fmean(each.spend_hundredths / 100 for bought in drawn for each in bought)
    assert 33.5 < spend < 37.5


def test_the_same_seed_gives_the_same_history(start_store):
    histories = [generate(start_store().store, 40, 18, 3, NOW) for _ in range(2)]

    assert histories[0] == histories[1]
    other = generate(start_store().store, 40, 18, 4, NOW)
    assert other.orders != histories[0].orders


def test_the_shop_ends_as_the_last_announcement_of_each_order(start_store):
    store = start_store().store
    history = generate(store, 300, 18, 5, NOW)
    last = {}
    for happening in history.happenings:
        if happening.topic.startswith("orders/"):
            last[happening.subject.id] = happening.subject

    store_history(store, history)

    assert store.orders.count() == len(history.orders) == len(last)
    assert all(store.orders.get(order_id) == order for order_id, order in last.items())
    statuses = Counter(order.financial_status for order in last.values())
    assert {"paid", "partially_refunded", "refunded"} <= set(statuses)
    numbers = sorted(order.number for order in history.orders)
    assert numbers == list(range(1001, 1001 + len(numbers)))


def test_visitors_can_sign_in_as_customers_with_a_rich_past(start_store):
    store = start_store().store

    store_history(store, generate(store, 5, 18, 1, NOW))

    for email, orders in (
        ("mali@example.com", 16),
        ("anan@example.com", 8),
        ("emma@example.com", 5),
    ):
        assert store.orders.count(store.customers.by_email(email).id) == orders


def test_everything_is_sent_once_and_signed(installed, intake):
    store, settings = installed.store, installed.services.settings
    history = generate(store, 60, 18, 2, NOW)

    sent = BulkSender(intake.url, "/webhooks", connections=8).send(
        messages(store, settings, history, history.happenings, seed=2)
    )

    assert sent.delivered == len(history.happenings) == len(intake.arrived)
    assert len({headers["X-Shopify-Webhook-Id"] for headers, _ in intake.arrived}) == sent.delivered
    told = {
        json.loads(body)["id"]
        for h, body in intake.arrived
        if h["X-Shopify-Topic"] == "orders/paid"
    }
    assert told == {order.id for order in history.orders}


def test_refused_webhooks_are_tried_again(installed, intake):
    intake.statuses = [500, 500, 200]
    store, settings = installed.store, installed.services.settings
    history = generate(store, 3, 18, 2, NOW)

    sent = BulkSender(intake.url, "/webhooks", connections=2).send(
        messages(store, settings, history, history.happenings, seed=2)
    )

    assert (sent.delivered, sent.retried, sent.failed) == (len(history.happenings), 2, 0)


def test_disorder_doubles_drops_and_shuffles_within_the_window():
    ordered = [Message(b"", str(number).encode()) for number in range(4000)]

    arrived = [int(each.body) for each in disordered(ordered, Disorder(0.1, 500, 0.05), seed=9)]

    counts = Counter(arrived)
    assert 0.04 < 1 - len(counts) / 4000 < 0.06
    assert 0.08 < sum(count == 2 for count in counts.values()) / len(counts) < 0.12
    assert arrived != sorted(arrived)
    assert list(disordered(ordered, Disorder(), seed=9)) == ordered


@needs_shared
def test_cdnow_becomes_one_paid_order_a_line(start_store):
    shop = start_store(currency="USD").store.shop

    history = read_cdnow(SHARED / "CDNOW_master.txt", shop, NOW, limit=1000)

    lines = (SHARED / "CDNOW_master.txt").read_text().splitlines()[:1000]
    assert [order.number for order in history.orders] == list(range(1, 1001))
    assert [order.total_minor for order in history.orders] == [
        round(float(line.split()[3]) * 100) for line in lines
    ]
    assert {order.financial_status for order in history.orders} == {"paid"}
    assert history.orders[0].processed_at == datetime(1997, 1, 1, 12, tzinfo=UTC)


@needs_shared
def test_orders_placed_after_a_replay_have_numbers_of_their_own(start_store):
    running = start_store(currency="USD")
    history = read_cdnow(SHARED / "CDNOW_master.txt", running.store.shop, NOW, limit=1500)
    store_history(running.store, history)

    assert running.order().number == 1501


@needs_shared
def test_a_number_that_is_taken_stops_a_replay(start_store):
    running = start_store(currency="USD")
    running.order()
    history = read_cdnow(SHARED / "CDNOW_master.txt", running.store.shop, NOW, limit=1500)

    with pytest.raises(NumberTaken):
        store_history(running.store, history)


@needs_shared
def test_cdnow_needs_a_shop_in_dollars(start_store):
    with pytest.raises(WrongCurrency):
        read_cdnow(SHARED / "CDNOW_master.txt", start_store().store.shop, NOW)


@needs_shared
def test_returned_goods_become_refunds_of_what_was_bought(start_store):
    store = start_store(currency="GBP").store

    history = read_online_retail(SHARED / "online_retail_10k.csv", store.shop, NOW)
    store_history(store, history)

    assert len(history.orders) > 400
    refunded = [order for order in history.orders if order.refunds]
    assert refunded
    for order in refunded:
        assert order.refunded_minor == order.paid_minor - order.current_total_minor
    assert store.orders.count() == len(history.orders)


def test_the_command_opens_the_app_and_fills_the_shop(start_store, intake, tmp_path):
    running = start_store(app_url=intake.url)
    running.store.installation.install()
    settings = running.services.settings
    environment = os.environ | {
        "SHOPIFY_CLIENT_ID": settings.client_id,
        "SHOPIFY_CLIENT_SECRET": settings.client_secret,
    }

    done = subprocess.run(
        [
            sys.executable, "-m", "devstore.history", "--customers", "10", "--data",
            str(settings.data), "--app-url", intake.url,
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "webhooks delivered" in done.stdout
    assert running.store.customers.count() == 13
    assert intake.topics().count("orders/paid") == running.store.orders.count()
