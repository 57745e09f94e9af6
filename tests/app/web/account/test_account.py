"""The account's pages do for the customer of their session token what the widget does."""

import time
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from app import clock
from app.clock import utc_now
from app.flows.settle_held import settle_held_redemptions
from app.web.account import blueprint
from tests.app.fake_shopify import unavailable
from tests.fixtures.orders import line, paid_order

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"
SHOP = "tea.myshopify.com"


@pytest.fixture
def later():
    yield lambda **time: clock.set_offset(timedelta(**time))
    clock.set_offset(timedelta(0))


@pytest.fixture
def ask(web, installation_settings):
    web.register_blueprint(blueprint)
    client = web.test_client(use_cookies=False)

    def ask(method, path, customer_id=7, **body):
        claims = {"dest": SHOP, "aud": "client-1", "exp": int(time.time()) + 300}
        if customer_id is not None:
            claims["sub"] = f"gid://shopify/Customer/{customer_id}"
        token = jwt.encode(claims, installation_settings.shopify_client_secret, "HS256")
        return client.open(
            f"/account/{path}",
            method=method,
            json=body or None,
            headers={"Authorization": f"Bearer {token}"},
        )

    return ask


@pytest.fixture
def redeem(ask, rewards):
    def redeem(**more):
        return ask("POST", "redeem", reward=str(rewards["amount_off"]), key=KEY, **more)

    return redeem


def test_panel_shows_rewards_open_redemptions_and_history(ask, redeem):
    redeem()

    panel = ask("GET", "panel?locale=en").json

    assert panel["balance"]["text"] == "900"
    assert [each["title"] for each in panel["redemptions"]] == ["฿125 off"]
    assert panel["history"][0]["title"] == "฿125 off"
    assert len(panel["rewards"]) == 3


def test_nobody_who_is_not_signed_in_is_told_anything(ask, buyer):
    assert ask("GET", "panel", customer_id=None).status_code == 401


def test_reward_can_be_taken_and_given_back(ask, redeem, fake, balances):
    taken = redeem(locale="th").json["redemption"]

    assert taken["title"] == "ส่วนลด ฿125"
    assert taken["code"] in fake.codes
    undone = ask("POST", "undo", redemption=taken["id"])
    assert (undone.status_code, undone.json["redemption"]["state"]) == (200, "released")
    assert fake.codes == {}
    assert balances() == (1_000, 0)


def test_who_gives_back_while_shopify_is_away_sees_that_and_then_the_points(
    ask, redeem, fake, parts, tenant, later
):
    number = redeem().json["redemption"]["id"]
    fake.fail("delete_code", before=unavailable(maybe_done=True))

    undone = ask("POST", "undo", redemption=number, locale="en")

    assert (undone.status_code, undone.json["redemption"]["state"]) == (202, "releasing")
    assert undone.json["balance"]["text"] == "900"
    later(seconds=60)
    settle_held_redemptions(parts, tenant.shop_id)
    told = ask("GET", f"redemption?id={number}&locale=en")
    assert (told.status_code, told.json["redemption"]["state"]) == (200, "released")
    assert told.json["balance"]["text"] == "1,000"


def test_nobody_sees_or_gives_back_anothers(ask, redeem, enrol):
    number = redeem().json["redemption"]["id"]
    enrol(8, 0)

    assert ask("GET", f"redemption?id={number}", customer_id=8).status_code == 404
    assert ask("POST", "undo", customer_id=8, redemption=number).status_code == 404


@pytest.mark.parametrize("number", ["", "x", "1" * 30])
def test_unreadable_numbers_are_refused(ask, buyer, number):
    assert ask("GET", f"redemption?id={number}").status_code == 422


def test_asking_twice_with_one_key_gives_one_code(redeem, fake, balances):
    first, second = redeem().json["redemption"], redeem().json["redemption"]

    assert (first["id"], first["code"]) == (second["id"], second["code"])
    assert len(fake.codes) == 1
    assert balances() == (900, 100)


def test_used_rewards_name_their_order_and_what_came_back(ask, redeem, take_in):
    code = redeem().json["redemption"]["code"]
    tea = line(1, 50_000, title="Jasmine tea")
    order = paid_order(
        1, tea, at=utc_now(), customer=7, currency="THB", name="#1043", discount_codes=(code,)
    )

    take_in(order)

    panel = ask("GET", "panel?locale=en").json
    [used] = panel["used"]
    assert (used["title"], used["note"]) == ("฿125 off", "used on order #1043")
    assert panel["redemptions"] == []
    returned = replace(tea, current_quantity=0)
    take_in(
        replace(
            order,
            lines=(returned,),
            financial_status="refunded",
            updated_at=order.updated_at + timedelta(minutes=1),
        )
    )
    [used] = ask("GET", "panel?locale=en").json["used"]
    assert used["note"] == "used on order #1043 · 100 came back with a refund"


def test_older_history_is_had_page_by_page(ask, buyer, take_in):
    for number in range(1, 25):
        order = line(number, 50_000)
        take_in(paid_order(number, order, at=utc_now(), customer=7, currency="THB"))

    first = ask("GET", "panel?locale=en").json
    second = ask("GET", f"history?before={first['history_older']}&locale=en").json

    assert (len(first["history"]), len(second["history"])) == (20, 5)
    assert second["history_older"] is None


@pytest.mark.parametrize("before", ["", "x", "1" * 30])
def test_history_before_something_unreadable_is_refused(ask, buyer, before):
    assert ask("GET", f"history?before={before}").status_code == 422
