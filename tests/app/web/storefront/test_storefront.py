"""The widget is told everything in finished words, and only about the shopper who asks."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.db.models import Member, Program, Reward, Tier
from app.flows.push_member_metafields import push_member_metafields
from app.flows.push_widget_settings import push_widget_settings
from app.flows.settle_held import settle_held_redemptions
from tests.app.fake_shopify import refused, unavailable

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"


@pytest.fixture
def later():
    yield lambda **time: clock.set_offset(timedelta(**time))
    clock.set_offset(timedelta(0))


@pytest.fixture
def redeem(ask, rewards):
    def redeem(reward="amount_off", key=KEY, **options):
        return ask("POST", "redeem", reward=rewards[reward], key=key, locale="en", **options)

    return redeem


def test_panel_shows_the_balance_in_finished_words(ask, buyer):
    panel = ask("GET", "panel", locale="en").json

    assert panel["signed_in"]
    assert panel["points_name"] == {"one": "point", "other": "points"}
    assert panel["balance"] == {
        "available": 1_000,
        "text": "1,000",
        "unit": "points",
        "pending": 0,
        "owed": 0,
        "notes": [],
        "expiring": False,
    }
    assert panel["tier"] == {
        "name": "Bronze",
        "next": "Silver",
        "percent": 0,
        "remaining": "฿7,500 to Silver",
        "detail": "1.25 points for every ฿25",
        "keep": "",
        "perks": "1 point for every ฿25",
    }


def test_panel_lists_what_can_be_had_and_why_not_yet(ask, enrol):
    enrol(8, 120)

    shown = ask("GET", "panel", customer_id=8, locale="en").json["rewards"]

    assert [reward["title"] for reward in shown] == ["฿125 off", "Free shipping", "10% off"]
    assert [reward["state"] for reward in shown] == ["available", "short", "short"]
    assert [reward["icon"] for reward in shown] == ["tag", "truck", "percent"]
    assert shown[0]["detail"] == "100 points"
    assert shown[1]["reason"] == "30 to go"


def test_panel_speaks_thai(ask, buyer):
    panel = ask("GET", "panel", locale="th").json

    assert panel["tier"]["remaining"] == "อีก ฿7,500 ถึงระดับ Silver"
    assert panel["rewards"][0]["title"] == "ส่วนลด ฿125"
    assert panel["balance"]["unit"] == "คะแนน"
    assert panel["earn"][0] == {"title": "ช้อปตามปกติ", "detail": "1 คะแนน ทุก ๆ ฿25"}


def test_customer_who_has_not_joined_starts_at_nothing(ask, buyer):
    panel = ask("GET", "panel", customer_id=99, locale="en").json

    assert panel["balance"]["available"] == 0
    assert panel["history"] == []
    assert {reward["state"] for reward in panel["rewards"]} == {"short"}


def test_guests_read_what_joining_brings(ask, buyer):
    panel = ask("GET", "panel", customer_id=None, locale="en").json

    assert panel["signed_in"] is False
    assert panel["join"]["headline"] == "Every ฿25 earns a point"
    assert panel["join"]["steps"] == [
        "Shop as always. Your points come with every order.",
        "100 points get you ฿125 off. No codes to type.",
        "Climb to Gold for 1.5 points for every ฿25.",
    ]


def test_redeeming_answers_with_the_code_and_the_new_balance(redeem, fake):
    answer = redeem()

    redemption = answer.json["redemption"]
    assert answer.status_code == 200
    assert redemption["state"] == "ready"
    assert redemption["code"] in fake.codes
    assert redemption["text"] == "฿125 off is ready for your cart"
    assert redemption["expires"].startswith("until ")
    assert answer.json["balance"]["text"] == "900"


def test_same_key_answers_with_the_same_redemption(redeem):
    assert redeem().json["redemption"] == redeem().json["redemption"]


def test_panel_shows_open_redemptions_and_history(ask, redeem):
    redeem()

    panel = ask("GET", "panel", locale="en").json

    assert [redemption["title"] for redemption in panel["redemptions"]] == ["฿125 off"]
    taken, gift = panel["history"]
    assert (taken["title"], taken["points"], taken["sign"]) == ("฿125 off", "−100", "minus")
    assert taken["note"] == "ready for your cart"
    assert (gift["title"], gift["points"], gift["sign"]) == (
        "A gift from the shop",
        "+1,000",
        "plus",
    )
    assert panel["history_older"] is None


def test_redemption_on_its_way_is_told_and_can_be_polled(
    ask, redeem, fake, parts, later, recorded_jobs
):
    fake.fail("create_basic_code", after=unavailable(maybe_done=True))

    answer = redeem()

    redemption = answer.json["redemption"]
    assert answer.status_code == 202
    assert redemption["state"] == "held"
    assert redemption["text"] == "Getting your reward…"
    assert "code" not in redemption
    recorded_jobs.enqueued.clear()
    later(seconds=10)
    assert ask("GET", "redemption", id=redemption["id"]).status_code == 202
    [(job, arguments)] = recorded_jobs.enqueued
    assert job == "settle_held_redemptions"
    settle_held_redemptions(parts, **arguments)
    polled = ask("GET", "redemption", id=redemption["id"]).json
    assert polled["redemption"]["code"] in fake.codes


def test_undo_gives_the_points_back(ask, redeem, fake):
    number = redeem().json["redemption"]["id"]

    answer = ask("POST", "undo", redemption=number, locale="en")

    assert answer.json["redemption"]["state"] == "released"
    assert answer.json["balance"]["text"] == "1,000"
    assert fake.codes == {}
    history = ask("GET", "panel", locale="en").json["history"]
    assert (history[0]["points"], history[0]["note"]) == ("0", "100 points given back")


def test_undo_of_a_used_code_says_so(ask, redeem, fake):
    redemption = redeem().json["redemption"]
    fake.used_codes.add(redemption["code"])

    answer = ask("POST", "undo", redemption=redemption["id"], locale="en")

    assert answer.status_code == 409
    assert answer.json["error"] == {
        "code": "already_used",
        "text": "This reward was used already.",
    }


def test_undo_while_shopify_is_away_says_that_the_points_are_on_their_way(
    parts, tenant, ask, redeem, fake, later
):
    number = redeem().json["redemption"]["id"]
    fake.fail("find_code", before=unavailable(maybe_done=False))

    undone = ask("POST", "undo", redemption=number)

    assert undone.status_code == 202
    assert undone.json["redemption"]["state"] == "releasing"
    assert undone.json["redemption"]["text"] == "Giving your points back…"
    assert "code" not in undone.json["redemption"]
    later(seconds=10)
    settle_held_redemptions(parts, tenant.shop_id)
    told = ask("GET", "redemption", id=number)
    assert (told.status_code, told.json["redemption"]["state"]) == (200, "released")
    assert told.json["balance"] == ask("GET", "panel").json["balance"]


def test_too_few_points_are_told_in_words(enrol, redeem):
    enrol(8, 40)

    answer = redeem(customer_id=8)

    assert answer.status_code == 422
    assert answer.json["error"] == {
        "code": "not_enough_points",
        "text": "60 to go for this reward.",
    }


def test_refused_reward_says_that_nothing_was_taken(ask, redeem, fake):
    fake.fail("create_basic_code", before=refused("INVALID"))

    answer = redeem()

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "reward_unavailable")
    assert ask("GET", "panel", locale="en").json["balance"]["text"] == "1,000"


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"customer_id": None}, 401, "not_signed_in"),
        ({"customer_id": 99}, 422, "not_enough_points"),
        ({"key": "short"}, 422, "unreadable"),
        ({"key": "x" * 65}, 422, "unreadable"),
    ],
)
def test_wrong_redemptions_are_refused_in_words(redeem, options, status, code):
    answer = redeem(**options)

    assert answer.status_code == status
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["text"]


def test_key_of_another_reward_is_a_conflict(redeem):
    redeem()

    answer = redeem("free_shipping")

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "key_conflict")


def test_unknown_reward_is_unavailable(ask, buyer):
    answer = ask("POST", "redeem", reward=999_999, key=KEY)

    assert answer.json["error"]["code"] == "reward_unavailable"


def test_nobody_sees_or_undoes_anothers_redemption(ask, enrol, redeem):
    number = redeem().json["redemption"]["id"]
    enrol(8, 0)

    assert ask("GET", "redemption", customer_id=8, id=number).status_code == 404
    assert ask("POST", "undo", customer_id=8, redemption=number).status_code == 404


@pytest.mark.parametrize(
    "options",
    [
        {"age_s": 91},
        {"tampered": {"logged_in_customer_id": ["8"]}},
        {"tampered": {"signature": ["0" * 64]}},
        {"tampered": {"reward": ["1"]}},
    ],
)
def test_late_or_changed_requests_are_refused_without_personal_data_in_the_log(
    ask, redeem, balances, options, caplog
):
    with caplog.at_level(logging.INFO):
        answer = redeem(**options)

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "unauthorized"
    assert "Proxy request refused" in caplog.text
    assert "customer" not in caplog.text
    assert balances() == (1_000, 0)


def test_shop_that_did_not_install_the_app_is_not_found(ask, buyer):
    assert ask("GET", "panel", shop="other.myshopify.com").status_code == 404


def test_oversized_body_is_refused(client, buyer):
    answer = client.post("/proxy/redeem", data=b"x" * 20_000)

    assert answer.status_code == 413


@pytest.mark.parametrize(("method", "path"), [("GET", "panel"), ("POST", "redeem")])
def test_every_answer_may_be_read_by_any_page_and_kept_by_none(client, ask, method, path):
    answers = [
        ask(method, path),
        client.open(f"/proxy/{path}", method=method),
        client.options(f"/proxy/{path}"),
        client.get("/proxy/redeem"),
        client.get("/proxy/nothing"),
    ]

    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-store"


def test_hidden_tiers_are_told_to_nobody_who_is_not_in_them(
    ask, parts, tenant, buyer, opened, fake
):
    with parts.database.tenant(tenant) as session:
        gold = session.scalars(select(Tier).where(Tier.name == "Gold")).one()
        gold.hidden = True
        session.scalars(select(Reward).order_by(Reward.position)).first().tier_ids = [gold.id]
        session.execute(update(Program).values(widget_version=Program.widget_version + 1))
        gold_id = gold.id

    told = [
        ask("GET", "panel", locale=locale, customer_id=who).text
        for locale, who in (("en", 7), ("th", None))
    ]
    push_member_metafields(parts, opened.program_id)
    push_widget_settings(parts, opened.program_id)
    assert "Gold" not in str([*told, fake.metafields])

    with parts.database.tenant(tenant) as session:
        session.execute(
            update(Member)
            .where(Member.id == buyer.member_id)
            .values(tier_id=gold_id, version=Member.version + 1)
        )
    assert ask("GET", "panel", locale="en").json["tier"]["name"] == "Gold"
