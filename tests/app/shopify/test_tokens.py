"""Tokens are exchanged and refreshed at the shop's own address."""

import dataclasses
import json

import httpx
import pytest

from app.shopify.errors import IdTokenRefused, RefreshTokenLost, ShopifyUnavailable
from app.shopify.id_tokens import read_admin_token
from app.shopify.tokens import TokenEndpoint

GRANTED = {
    "access_token": "shpat_1",
    "scope": "read_orders,write_discounts",
    "expires_in": 3600,
    "refresh_token": "shprt_1",
    "refresh_token_expires_in": 7_776_000,
}


@pytest.fixture
def asked():
    return []


@pytest.fixture
def endpoint(settings, asked):
    """Return a function that makes an endpoint which gives `answer`."""

    def endpoint(answer, **changes):
        def handle(request):
            asked.append(request)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return TokenEndpoint(
            dataclasses.replace(settings, **changes), transport=httpx.MockTransport(handle)
        )

    return endpoint


@pytest.fixture
def admin_token(settings, admin_claims, sign):
    return read_admin_token(sign(admin_claims), settings)


def test_exchange_asks_for_an_expiring_offline_token(endpoint, asked, admin_token):
    pair = endpoint(httpx.Response(200, json=GRANTED)).exchange(admin_token)

    body = json.loads(asked[0].content)
    assert str(asked[0].url) == "https://tea.myshopify.com/admin/oauth/access_token"
    assert body["expiring"] == 1
    assert body["subject_token"] == admin_token.token
    assert body["requested_token_type"].endswith("offline-access-token")
    assert (pair.access_token, pair.refresh_token) == ("shpat_1", "shprt_1")
    assert pair.scopes == "read_orders,write_discounts"
    assert (pair.refresh_token_expires_at - pair.access_token_expires_at).days == 89


def test_exchange_goes_where_the_origin_template_points(endpoint, asked, admin_token):
    template = "http://127.0.0.1:8100/shop/{shop}"

    endpoint(httpx.Response(200, json=GRANTED), shopify_origin_template=template).exchange(
        admin_token
    )

    assert str(asked[0].url) == (
        "http://127.0.0.1:8100/shop/tea.myshopify.com/admin/oauth/access_token"
    )
    assert asked[0].headers["Host"] == "127.0.0.1:8100"


def test_refused_id_token_asks_for_a_fresh_one(endpoint, admin_token):
    refusal = httpx.Response(400, json={"error": "invalid_subject_token"})

    with pytest.raises(IdTokenRefused):
        endpoint(refusal).exchange(admin_token)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("no route"),
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={}),
        httpx.Response(400, json={"error": "invalid_client"}),
    ],
)
def test_exchange_that_fails_is_unavailable(endpoint, admin_token, answer):
    with pytest.raises(ShopifyUnavailable):
        endpoint(answer).exchange(admin_token)


def test_refresh_rotates_the_pair_well_before_it_expires(endpoint, asked):
    pair = endpoint(httpx.Response(200, json=GRANTED)).refresh("tea.myshopify.com", "shprt_0")

    body = json.loads(asked[0].content)
    assert (body["grant_type"], body["refresh_token"]) == ("refresh_token", "shprt_0")
    assert pair.refresh_token == "shprt_1"


def test_spent_refresh_token_is_lost(endpoint):
    refusal = httpx.Response(400, json={"error": "invalid_grant"})

    with pytest.raises(RefreshTokenLost):
        endpoint(refusal).refresh("tea.myshopify.com", "shprt_0")


def test_refresh_that_cannot_be_made_is_unavailable(endpoint):
    with pytest.raises(ShopifyUnavailable):
        endpoint(httpx.ConnectTimeout("slow")).refresh("tea.myshopify.com", "shprt_0")
