"""The account's pages do for the customer of their session token what the widget does."""

import time
from datetime import timedelta

import jwt
import pytest

from app import clock
from app.flows.settle_held import settle_held_redemptions
from app.web.account import blueprint
from tests.app.fake_shopify import unavailable

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
