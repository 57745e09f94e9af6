"""Staff get in by a good id token, and by nothing else."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Blueprint, jsonify

from app.web.auth import admin_identity, blueprint, frame_by_admin, require_admin
from tests.app.fake_shopify import unavailable

SHOP = "tea.myshopify.com"


@pytest.fixture
def client(web):
    pages = Blueprint("pages", __name__)
    pages.before_request(require_admin)
    pages.after_request(frame_by_admin)

    @pages.route("/members", methods=["GET", "POST"])
    def members():
        identity = admin_identity()
        return jsonify(shop=identity.shop, user_id=identity.user_id, locale=identity.locale)

    web.register_blueprint(pages)
    web.register_blueprint(blueprint)
    return web.test_client(use_cookies=False)


def test_document_request_with_a_good_id_token_is_let_in(client, sign_id_token):
    answer = client.get(f"/members?shop={SHOP}&id_token={sign_id_token()}&locale=th")

    assert answer.json == {"shop": SHOP, "user_id": 42, "locale": "th"}


def test_fetch_with_a_bearer_token_is_let_in(client, sign_id_token):
    answer = client.post("/members", headers={"Authorization": f"Bearer {sign_id_token()}"})

    assert answer.status_code == 200


def test_only_the_shops_own_admin_may_frame_the_page(client, sign_id_token):
    answer = client.get(f"/members?id_token={sign_id_token()}")

    assert answer.headers["Content-Security-Policy"] == (
        f"frame-ancestors https://{SHOP} https://admin.shopify.com;"
    )


def test_no_cookies_are_set(client, sign_id_token):
    answer = client.get(f"/members?id_token={sign_id_token()}")

    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("id_token", ["", "stale", "กข"])
def test_document_request_without_a_good_token_goes_to_the_patch_page(client, id_token):
    answer = client.get(
        "/members", query_string={"shop": SHOP, "id_token": id_token, "host": "a/b", "page": "2"}
    )

    location = urlsplit(answer.headers["Location"])
    assert answer.status_code == 302
    assert location.path == "/auth/patch"
    assert parse_qs(location.query)["shopify-reload"] == [
        f"/members?shop={SHOP}&host=a/b&page=2"
    ] or parse_qs(location.query)["shopify-reload"] == [f"/members?shop={SHOP}&host=a%2Fb&page=2"]
    assert "id_token" not in location.query


def test_expired_document_token_goes_to_the_patch_page(client, sign_id_token):
    stale = sign_id_token(exp=int(time.time()) - 60, nbf=int(time.time()) - 120)

    assert client.get(f"/members?id_token={stale}").status_code == 302


@pytest.mark.parametrize("header", ["Bearer stale", "Bearer ", "Basic abc", "Bearer \xe9"])
def test_fetch_without_a_good_token_is_told_to_try_again(client, header):
    answer = client.get("/members", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1"


def test_token_of_a_foreign_destination_is_refused(client, sign_id_token):
    foreign = sign_id_token(shop="tea.example.com")

    answer = client.get("/members", headers={"Authorization": f"Bearer {foreign}"})

    assert answer.status_code == 401


def test_unavailable_shopify_is_told_inside_the_frame(client, sign_id_token, fake):
    fake.fail("token_exchange", before=unavailable(maybe_done=True))

    answer = client.get(f"/members?id_token={sign_id_token()}")

    assert answer.status_code == 503
    assert f"https://{SHOP}" in answer.headers["Content-Security-Policy"]


def test_patch_page_holds_app_bridge_alone(client):
    answer = client.get("/auth/patch", query_string={"shop": SHOP, "shopify-reload": "/members"})

    assert 'src="https://cdn.shopify.com/shopifycloud/app-bridge.js"' in answer.text
    assert answer.text.count("<script") == 1
    assert f"https://{SHOP}" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "query",
    [
        {"shop": "evil.example; script-src *", "shopify-reload": "/"},
        {"shop": "", "shopify-reload": "/"},
        {"shop": SHOP},
        {"shop": SHOP, "shopify-reload": "//evil.example"},
        {"shop": SHOP, "shopify-reload": "https://evil.example"},
    ],
)
def test_patch_page_refuses_foreign_shops_and_addresses(client, query):
    assert client.get("/auth/patch", query_string=query).status_code == 400
