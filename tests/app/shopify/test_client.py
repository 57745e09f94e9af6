"""The Admin API client: throttling, retries and typed errors."""

import json

import pytest
import requests
import responses
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from app.shopify.client import AdminApi, ShopAccess
from app.shopify.errors import (
    AccessDenied,
    ShopClosed,
    ShopifyRefused,
    ShopifyThrottled,
    ShopifyUnavailable,
    TokenRejected,
)

URL = "https://tea.myshopify.com/admin/api/2026-10/graphql.json"
ACCESS = ShopAccess(domain="tea.myshopify.com", token="shpat_1")
FOUND = {"data": {"codeDiscountNodeByCode": None}}
THROTTLED = {
    "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
    "extensions": {
        "cost": {
            "requestedQueryCost": 112,
            "throttleStatus": {
                "maximumAvailable": 1000.0,
                "currentlyAvailable": 12,
                "restoreRate": 50.0,
            },
        }
    },
}


@pytest.fixture
def slept():
    return []


@pytest.fixture
def api(slept):
    return AdminApi("https://{shop}", sleep=slept.append, jitter=lambda: 0.0)


def find(api, **options):
    return api.run(ACCESS, "find_code", {"code": "RG-1"}, **options)


def delete(api, **options):
    return api.run(ACCESS, "delete_code", {"id": "gid://shopify/DiscountCodeNode/1"}, **options)


@responses.activate
def test_token_operation_and_variables_are_sent_to_the_shop(api):
    responses.post(URL, json=FOUND)

    data = find(api)

    request = responses.calls[0].request
    assert data == FOUND["data"]
    assert request.headers["X-Shopify-Access-Token"] == "shpat_1"
    body = json.loads(request.body)
    assert body["variables"] == {"code": "RG-1"}
    assert "codeDiscountNodeByCode" in body["query"]


@responses.activate
def test_origin_follows_the_template():
    responses.post(
        "http://127.0.0.1:8100/shop/tea.myshopify.com/admin/api/2026-10/graphql.json", json=FOUND
    )

    assert find(AdminApi("http://127.0.0.1:8100/shop/{shop}")) == FOUND["data"]


@responses.activate
def test_throttled_waits_until_the_bucket_holds_the_cost(api, slept):
    responses.post(URL, json=THROTTLED)
    responses.post(URL, json=FOUND)

    assert find(api) == FOUND["data"]
    assert slept == [2.0]


@responses.activate
def test_throttled_mutation_is_sent_again_for_it_was_not_run(api, slept):
    responses.post(URL, json=THROTTLED)
    responses.post(URL, json={"data": {"discountCodeDelete": {"userErrors": []}}})

    delete(api)

    assert len(responses.calls) == 2


@responses.activate
def test_throttled_longer_than_the_budget_raises_and_changes_nothing(api):
    responses.post(URL, json=THROTTLED)

    with pytest.raises(ShopifyThrottled) as caught:
        delete(api, budget_s=1.5)

    assert not caught.value.maybe_done


@responses.activate
def test_429_waits_as_retry_after_says_also_in_fractions(api, slept):
    responses.post(URL, status=429, headers={"Retry-After": "1.5"})
    responses.post(URL, json=FOUND)

    find(api)

    assert slept == [1.5]


@responses.activate
def test_queries_are_repeated_after_network_errors_and_5xx(api):
    responses.post(URL, body=requests.ReadTimeout())
    responses.post(URL, status=502)
    responses.post(URL, json=FOUND)

    assert find(api) == FOUND["data"]


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        {"body": requests.ReadTimeout()},
        {"body": requests.ConnectionError()},
        {"status": 503},
        {"body": "<html>"},
    ],
)
def test_mutations_of_unknown_fate_are_not_repeated(api, failure):
    responses.post(URL, **failure)

    with pytest.raises(ShopifyUnavailable) as caught:
        delete(api)

    assert caught.value.maybe_done
    assert len(responses.calls) == 1


@responses.activate
def test_mutations_that_were_never_sent_are_repeated(api):
    never_sent = MaxRetryError(None, URL, ConnectTimeoutError())
    responses.post(URL, body=requests.ConnectionError(never_sent))
    responses.post(URL, json={"data": {"discountCodeDelete": {"userErrors": []}}})

    delete(api)

    assert len(responses.calls) == 2


@responses.activate
def test_repeatable_mutations_are_repeated(api):
    responses.post(URL, status=500)
    responses.post(URL, json={"data": {"discountCodeDelete": {"userErrors": []}}})

    delete(api, repeatable=True)

    assert len(responses.calls) == 2


@responses.activate
def test_retries_end(api):
    responses.post(URL, status=503)

    with pytest.raises(ShopifyUnavailable):
        find(api)

    assert len(responses.calls) == 5


@responses.activate
def test_user_errors_are_refusals_with_code_and_field_and_without_their_sentence(api):
    error = {"code": "TAKEN", "field": ["basicCodeDiscount", "code"], "message": "mali@example.com"}
    responses.post(URL, json={"data": {"discountCodeDelete": {"userErrors": [error]}}})

    with pytest.raises(ShopifyRefused) as caught:
        delete(api)

    assert caught.value.codes == {"TAKEN"}
    assert caught.value.errors[0].field == "basicCodeDiscount.code"
    assert "mali" not in str(caught.value)


@responses.activate
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 401, "json": {"errors": "Invalid API key or access token"}}, TokenRejected),
        ({"status": 403}, AccessDenied),
        ({"status": 402}, ShopClosed),
        ({"status": 423}, ShopClosed),
        ({"json": {"errors": [{"extensions": {"code": "ACCESS_DENIED"}}]}}, AccessDenied),
        ({"json": {"errors": [{"message": "Field 'x' doesn't exist"}]}}, ShopifyRefused),
        ({"status": 301, "headers": {"Location": "https://evil.example"}}, ShopifyRefused),
    ],
)
def test_answers_become_typed_errors(api, answer, error):
    responses.post(URL, **answer)

    with pytest.raises(error):
        find(api)

    assert len(responses.calls) == 1
