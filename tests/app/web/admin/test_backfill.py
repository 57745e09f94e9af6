"""The page of past orders: preview, confirmation, progress, result, and what was missed."""

import re
from datetime import timedelta

import pytest

from app.clock import utc_now
from app.db.models import Backfill, HistoryImport, Member
from app.flows.back_fill import back_fill
from app.services.note_comparison import (
    comparison_advanced,
    comparison_began,
    comparison_ended,
)
from tests.fixtures.orders import line, paid_order


@pytest.fixture
def history_read(parts, tenant, take_in):
    """The past has been read: two orders of ฿1,000 each, by two customers, 100 days ago."""
    at = utc_now() - timedelta(days=100)
    orders = [
        paid_order(
            number, line(1, 100_000), at=at, customer=7000 + number, currency="THB", fulfilled=True
        )
        for number in (1, 2)
    ]
    take_in(*orders)
    with parts.database.tenant(tenant) as session:
        session.query(HistoryImport).update(
            {"state": "done", "orders_read": 2, "orders_told": 2, "oldest_order_at": at}
        )


@pytest.fixture
def work(parts, tenant):
    """Do what the worker would."""
    return lambda: back_fill(parts, tenant.shop_id, budget_s=30)


def since(days):
    return {"since": (utc_now() - timedelta(days=days)).date().isoformat()}


def number_of(text):
    return re.search(r'action="/past-orders/(\d+)/', text)[1]


def points(parts, tenant):
    with parts.database.tenant(tenant) as session:
        return sum(member.pending + member.available for member in session.query(Member))


def test_while_the_past_is_read_the_page_says_how_far_it_is(admin, parts, tenant):
    with parts.database.tenant(tenant) as session:
        session.query(HistoryImport).update(
            {"state": "reading", "orders_told": 1_200, "orders_read": 300}
        )

    text = admin.get("/past-orders").text

    assert "300 of 1,200 orders" in text
    assert "data-poll" in text
    assert "First your past orders have to be read." in text


def test_the_page_says_how_far_back_shopify_lets_it_see(admin, history_read):
    text = admin.get("/past-orders").text

    assert "2 orders were read" in text
    assert "the last 60 days only" in text


def test_from_preview_to_result(admin, parts, tenant, history_read, work, recorded_jobs):
    answer = admin.post("/past-orders/preview", data=since(200))
    waiting = admin.get("/past-orders").text
    work()
    ready = admin.get("/past-orders").text
    before = points(parts, tenant)
    admin.post(f"/past-orders/{number_of(ready)}/confirm")
    granting = admin.get("/past-orders").text
    work()
    result = admin.get("/past-orders").text

    assert answer.status_code == 303
    assert ("back_fill", {"shop_id": tenant.shop_id}) in recorded_jobs.enqueued
    assert "Nothing is given yet" in waiting
    # ฿25 earn a point: ฿1,000 earn 40, and 100 points take ฿125 off.
    assert "80 points to 2 members" in ready
    assert "฿100" in ready
    assert "Bronze" in ready
    assert before == 0
    assert "Giving 80 points to 2 members." in granting
    assert "The points were given" in result
    assert "Staff member 42" in result
    assert points(parts, tenant) == 80


def test_called_off_nothing_is_given(admin, parts, tenant, history_read, work):
    admin.post("/past-orders/preview", data=since(200))
    work()
    backfill_id = number_of(admin.get("/past-orders").text)

    admin.post(f"/past-orders/{backfill_id}/cancel")
    admin.post(f"/past-orders/{backfill_id}/confirm")
    work()

    assert points(parts, tenant) == 0


def test_a_day_of_today_is_refused_next_to_the_field(admin, history_read):
    answer = admin.post("/past-orders/preview", data=since(-2))

    assert answer.status_code == 422
    assert "earn by themselves" in answer.text


def test_a_day_that_is_none_is_refused(admin, history_read):
    answer = admin.post("/past-orders/preview", data={"since": "yesterday"})

    assert answer.status_code == 422
    assert 'error="Enter a day' in answer.text


def test_a_period_in_which_nothing_earns_says_so(admin, history_read, work):
    admin.post("/past-orders/preview", data=since(50))
    work()

    text = admin.get("/past-orders").text

    assert "None of these orders would earn" in text
    assert "/confirm" not in text


def test_another_shops_back_fill_cannot_be_confirmed(admin, parts, tenant, history_read, work):
    admin.post("/past-orders/preview", data=since(200))
    work()

    answer = admin.post("/past-orders/999999/confirm")

    assert answer.status_code == 303
    with parts.database.tenant(tenant) as session:
        assert session.query(Backfill).one().state == "ready"


def test_what_was_missed_is_told(admin, parts, tenant, history_read, recorded_jobs):
    now = utc_now()
    with parts.database.tenant(tenant) as session:
        comparison_began(session, shop_id=tenant.shop_id, now=now)
        comparison_advanced(session, shop_id=tenant.shop_id, compared=12, taken_in=3, now=now)
        comparison_ended(session, shop_id=tenant.shop_id, now=now)
    found = admin.get("/past-orders").text

    admin.post("/past-orders/compare")
    comparing = admin.get("/past-orders").text

    assert "Changed since the time before: 12. Missed, and taken in now: 3." in found
    assert "Missed since the app was installed: 3" in found
    assert "Comparing now" in comparing
    assert ("reconcile_shop", {"shop_id": tenant.shop_id}) in recorded_jobs.enqueued
    assert ("find_deleted_orders", {"shop_id": tenant.shop_id}) in recorded_jobs.enqueued


def test_reading_can_be_stopped_and_begun_again(admin, parts, tenant, recorded_jobs):
    admin.post("/past-orders/stop")
    stopped = admin.get("/past-orders").text

    admin.post("/past-orders/read")

    assert "have not all been read" in stopped
    assert "being read from Shopify" in admin.get("/past-orders").text
    assert recorded_jobs.enqueued[-1] == ("read_history", {"shop_id": tenant.shop_id})


def test_the_set_up_guide_leads_to_it(admin):
    assert "Reward what was bought before" in admin.get("/").text


def test_it_is_there_in_thai(admin, history_read):
    text = admin.get("/past-orders", headers={"Accept-Language": "th"}).text

    assert "คะแนนสำหรับคำสั่งซื้อที่ผ่านมา" in text
