"""Checkout redeems for the customer of its session token, and gives back what was not applied."""

import time

import jwt
import pytest

from app.web.checkout import blueprint

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"
SHOP = "tea.myshopify.com"


@pytest.fixture
def client(web):
    web.register_blueprint(blueprint)
    return web.test_client(use_cookies=False)


@pytest.fixture
def ask(client, installation_settings):
    def ask(method, path, customer_id=7, body=None, **changes):
        claims = {"dest": SHOP, "aud": "client-1", "exp": int(time.time()) + 300} | changes
        if customer_id is not None:
            claims["sub"] = f"gid://shopify/Customer/{customer_id}"
        token = jwt.encode(claims, installation_settings.shopify_client_secret, "HS256")
        return client.open(
            f"/checkout/{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )

    return ask


def test_panel_has_the_balance_and_only_what_can_be_had_now(ask, enrol):
    enrol(8, 160)

    panel = ask("GET", "panel?locale=en", customer_id=8).json

    assert panel["signed_in"]
    assert panel["points_name"]["other"] == "points"
    assert panel["balance"]["text"] == "160"
    assert [reward["title"] for reward in panel["rewards"]] == ["฿125 off", "Free shipping"]


def test_guests_are_told_that_they_are_not_signed_in(ask, buyer):
    assert ask("GET", "panel", customer_id=None).json == {"signed_in": False}


def test_redeeming_gives_a_code_to_apply(ask, rewards, fake):
    body = {"reward": str(rewards["amount_off"]), "key": KEY, "locale": "th"}

    answer = ask("POST", "redeem", body=body)

    assert answer.status_code == 200
    assert answer.json["redemption"]["code"] in fake.codes
    assert answer.json["redemption"]["title"] == "ส่วนลด ฿125"


def test_code_that_could_not_be_applied_gives_the_points_back_at_once(ask, rewards, fake):
    body = {"reward": str(rewards["amount_off"]), "key": KEY, "locale": "en"}
    number = ask("POST", "redeem", body=body).json["redemption"]["id"]

    answer = ask("POST", "release", body={"redemption": number})

    assert answer.json["redemption"]["state"] == "released"
    assert answer.json["balance"]["text"] == "1,000"
    assert fake.codes == {}


def test_identity_in_the_body_is_ignored(ask, enrol, rewards, balances):
    enrol(8, 0)
    body = {"reward": str(rewards["amount_off"]), "key": KEY, "customer_id": 7, "sub": 7}

    answer = ask("POST", "redeem", customer_id=8, body=body)

    assert answer.json["error"]["code"] == "not_enough_points"
    assert balances() == (1_000, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"aud": "client-2"},
        {"dest": "evil.example"},
    ],
)
def test_bad_tokens_are_refused(ask, buyer, changes):
    assert ask("GET", "panel", **changes).status_code == 401


def test_missing_token_is_refused(client, buyer):
    answer = client.get("/checkout/panel")

    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("body", [None, [], "x", {"reward": "1"}, {"reward": {}, "key": KEY}])
def test_unreadable_bodies_are_refused(ask, buyer, body):
    assert ask("POST", "redeem", body=body).status_code == 422


def test_oversized_body_is_refused(ask, buyer):
    assert ask("POST", "redeem", body={"reward": "1" * 20_000}).status_code == 413


def test_preflight_lets_the_token_through(client):
    answer = client.options("/checkout/redeem")

    assert answer.status_code == 204
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
