"""History tells every award with its receipt, and explains every deduction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.clock import utc_now
from app.domain.program_rules import ProgramRules
from app.domain.redemption_code import ALPHABET
from app.flows.lapse_redemptions import lapse_redemptions
from app.services.adjust_points import adjust_points
from app.services.mature_and_expire import mature_and_expire
from app.services.publish_rules import publish_rules
from tests.fixtures.orders import line, paid_order

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fixed_day():
    clock.set_offset(NOW - datetime.now(UTC))
    yield
    clock.set_offset(timedelta(0))


@pytest.fixture
def later():
    return lambda **time: clock.set_offset(NOW - datetime.now(UTC) + timedelta(**time))


@pytest.fixture
def order():
    """An order of two jasmine teas and a soap, paid today."""
    tea = line(1, 24_000, quantity=2, title="Jasmine tea")
    soap = line(2, 6_000, product_id=1, title="Soap")
    return paid_order(
        1,
        tea,
        soap,
        at=utc_now(),
        customer=7,
        currency="THB",
        name="#1043",
        taxes_included=True,
        shipping_minor=5_000,
    )


@pytest.fixture
def history(ask):
    return lambda locale="en": ask("GET", "panel", locale=locale).json["history"]


def newer(order, **changes):
    return replace(order, updated_at=order.updated_at + timedelta(minutes=1), **changes)


def without_soap(order):
    soap = replace(order.lines[1], current_quantity=0)
    return newer(order, lines=(order.lines[0], soap), financial_status="partially_refunded")


def test_award_opens_into_its_receipt(buyer, take_in, order, history):
    take_in(order)

    entry = history()[0]
    assert entry == {
        "title": "Order #1043",
        "date": "22 Nov",
        "note": "usable from 6 Dec",
        "points": "+12",
        "sign": "plus",
        "receipt": [
            {"text": "Jasmine tea × 2 · ฿240", "points": "+10"},
            {"text": "Soap × 1 · ฿60", "points": "+2"},
        ],
        "receipt_notes": ["฿300 at 1 point for every ฿25."],
    }


def test_history_speaks_thai(buyer, take_in, order, history):
    take_in(without_soap(order))

    entry = history("th")[0]
    assert (entry["title"], entry["date"]) == ("คำสั่งซื้อ #1043", "22 พ.ย.")
    assert entry["note"] == "ใช้ได้ตั้งแต่ 6 ธ.ค."
    assert entry["receipt"][1]["text"] == "Soap · คืนสินค้าแล้ว"


def test_deduction_is_explained_on_the_award_it_shrank(buyer, take_in, order, history):
    take_in(order)
    take_in(without_soap(order))

    entry = history()[0]
    assert entry["points"] == "+9"
    assert entry["note"] == "3 points taken back as the order changed · usable from 6 Dec"
    assert entry["receipt"][1] == {"text": "Soap · returned", "points": "0"}


def test_cancelled_order_says_so_and_is_worth_nothing(buyer, take_in, order, history):
    take_in(order)
    take_in(newer(order, cancelled_at=utc_now()))

    entry = history()[0]
    assert (entry["points"], entry["sign"]) == ("0", "none")
    assert entry["note"] == "12 points taken back as the order changed"
    assert entry["receipt"] == [{"text": "The order was cancelled", "points": "0"}]


def test_matured_award_no_longer_says_when_it_can_be_used(
    buyer, take_in, order, history, later, parts, opened, tenant
):
    take_in(order)
    later(days=15)
    with parts.database.tenant(tenant) as session:
        mature_and_expire(
            session,
            program_id=opened.program_id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )

    entries = history()
    assert [entry["title"] for entry in entries] == ["Order #1043", "A gift from the shop"]
    assert entries[0]["note"] == ""


def test_late_jobs_change_nothing_that_is_shown(buyer, take_in, order, ask, later):
    take_in(order)
    later(days=15)

    balance = ask("GET", "panel", locale="en").json["balance"]

    assert (balance["available"], balance["pending"]) == (1_012, 0)


def test_pending_points_are_announced_with_their_day(buyer, take_in, order, ask):
    take_in(order)

    balance = ask("GET", "panel", locale="en").json["balance"]

    assert (balance["available"], balance["pending"]) == (1_000, 12)
    assert balance["notes"] == ["12 more on 6 Dec"]


def test_expiry_is_announced_and_then_told(buyer, ask, history, later):
    later(days=300)
    assert ask("GET", "panel", locale="en").json["balance"]["notes"] == ["1,000 expire on 22 Nov"]


def test_expired_points_have_a_line(buyer, history, later, parts, opened, tenant):
    later(days=366)
    with parts.database.tenant(tenant) as session:
        mature_and_expire(
            session,
            program_id=opened.program_id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )

    entry = history()[0]
    assert (entry["title"], entry["points"], entry["sign"]) == ("Expired", "−1,000", "minus")
    assert entry["receipt"] == [
        {"text": "A gift from the shop · good until 22 Nov", "points": "−1,000"}
    ]


def test_points_that_come_back_for_an_order_told_late_have_a_line(
    buyer, history, later, order, take_in, parts, opened, tenant
):
    inactivity = ProgramRules(unit_minor=2_500, expiry_mode="inactivity")
    with parts.database.tenant(tenant) as session:
        publish_rules(
            session,
            program_id=opened.program_id,
            rules=inactivity,
            published_by="staff:1",
            now=utc_now(),
        )
    later(days=360)
    paid_at = utc_now()
    later(days=366)
    with parts.database.tenant(tenant) as session:
        mature_and_expire(
            session,
            program_id=opened.program_id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )

    take_in(replace(order, created_at=paid_at, processed_at=paid_at, updated_at=paid_at))

    back = next(entry for entry in history() if entry["title"].startswith("Back again"))
    assert (back["title"], back["points"]) == ("Back again: you had shopped in time", "+1,000")
    assert back["receipt"] == [
        {"text": "A gift from the shop · good until 17 Nov 2028", "points": "+1,000"}
    ]


def test_points_owed_are_told_with_how_they_are_filled(
    buyer, take_in, order, ask, parts, opened, tenant, later
):
    take_in(order)
    later(days=15)
    with parts.database.tenant(tenant) as session:
        adjust_points(
            session,
            program_id=opened.program_id,
            member_id=buyer.member_id,
            points=-1_012,
            key="out",
            actor="staff:1",
            note=None,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
        )
    take_in(newer(order, cancelled_at=utc_now()))

    panel = ask("GET", "panel", locale="en").json

    assert (panel["balance"]["available"], panel["balance"]["owed"]) == (0, 12)
    assert panel["balance"]["notes"] == ["12 points owed, filled by what you earn next"]
    assert panel["rewards"][0]["reason"] == "100 to go"
    corrected = named("Corrected by the shop", panel["history"])
    assert corrected["points"] == "−1,012"
    assert [line["points"] for line in corrected["receipt"]] == ["−12", "−1,000"]
    assert corrected["receipt"][0]["text"].startswith("Order #1043 · good until ")


def named(title, entries):
    [entry] = [entry for entry in entries if entry["title"] == title]
    return entry


def redeem(ask, rewards):
    answer = ask("POST", "redeem", reward=rewards["amount_off"], key=KEY, locale="en")
    return answer.json["redemption"]["code"]


def test_used_reward_names_its_order_and_what_came_back(
    buyer, ask, rewards, take_in, order, history
):
    code = redeem(ask, rewards)
    bought = replace(order, discount_codes=(code,))

    take_in(bought)
    used = named("฿125 off", history())
    assert (used["title"], used["note"], used["points"]) == (
        "฿125 off",
        "used on order #1043",
        "−100",
    )
    take_in(without_soap(bought))

    entry = named("฿125 off", history())
    assert entry["note"] == "used on order #1043 · 20 came back with a refund"
    assert entry["points"] == "−80"
    assert entry["receipt"] == [
        {"text": "A gift from the shop · good until 22 Nov 2027", "points": "−100"},
        {"text": "A gift from the shop · good until 22 Nov 2027 · came back", "points": "+20"},
    ]


def test_lapsed_reward_gives_back_or_keeps_as_the_rules_say(
    buyer, ask, rewards, history, later, parts, opened, tenant
):
    redeem(ask, rewards)
    with parts.database.tenant(tenant) as session:
        publish_rules(
            session,
            program_id=opened.program_id,
            rules=ProgramRules(unit_minor=2_500, lapse_policy="keep"),
            published_by="test",
            now=utc_now(),
        )
    later(days=31)
    lapse_redemptions(parts, opened.program_id)

    entry = history()[0]
    assert (entry["note"], entry["points"]) == ("not used in time", "−100")


def test_codes_do_not_read_as_words():
    assert not set("AEIOU01") & set(ALPHABET)


def pages(ask):
    """Return every page of the history, as a shopper who asks for more sees them."""
    panel = ask("GET", "panel").json
    found = [panel["history"]]
    older = panel["history_older"]
    while older is not None:
        answer = ask("GET", "history", before=older).json
        found.append(answer["history"])
        older = answer["history_older"]
    return found


def test_a_long_history_comes_in_pages_and_tells_everything_once(buyer, take_in, order, ask, later):
    orders = [replace(order, order_id=n, name=f"#{1000 + n}") for n in range(1, 70)]
    for each in orders:
        take_in(each)
    # The oldest one changes last: it moves to the top, and is not told again where it began.
    take_in(without_soap(orders[0]))

    found = pages(ask)

    titles = [entry["title"] for page in found for entry in page]
    assert [len(page) for page in found] == [20, 20, 20, 10]
    assert titles[0] == "Order #1001"
    assert sorted(titles[:-1]) == sorted(f"Order #{1000 + n}" for n in range(1, 70))
    assert found[0][0]["note"].startswith("3 points taken back")


def test_a_page_that_nobody_gave_out_is_refused(buyer, ask):
    for before in ("", "-1", "x", "9" * 30):
        assert ask("GET", "history", before=before).status_code == 422


def test_nobody_reads_anothers_history(buyer, take_in, order, ask):
    take_in(order)

    assert ask("GET", "history", before=999, customer_id=8).json["history"] == []
    assert ask("GET", "history", before=999, customer_id=None).status_code == 401
