"""The app proxy, checked with Shopify's own verifier and by hand."""

import hashlib
import hmac
import time
from urllib.parse import parse_qsl, urlsplit

from shopify_app import ShopifyApp

from devstore.storefront import app_proxy
from devstore.storefront.proxy_signature import signature
from tests.devstore.storefront.shop import CLIENT_ID, CLIENT_SECRET


def verified(seen):
    """Ask Shopify's package what it makes of the request that reached the app."""
    shopify = ShopifyApp(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    request = {key: seen[key] for key in ("method", "headers", "url", "body")}
    return shopify.verify_app_proxy_req(request)


def test_shopifys_own_verifier_accepts_what_reaches_the_app(shop, visitor):
    mali = shop.customer()
    visitor.sign_in(mali)

    visitor.get("/apps/regulars/panel?locale=th&x=a%20b&x=ค")
    result = verified(shop.app.seen[0])

    assert result.ok
    assert result.shop == "regulars-demo"
    assert result.logged_in_customer_id == str(mali.id)


def test_the_signature_is_the_hmac_of_the_sorted_query(shop, visitor):
    visitor.get("/apps/regulars/panel?locale=en")

    query = dict(parse_qsl(urlsplit(shop.app.seen[0]["url"]).query, keep_blank_values=True))
    given = query.pop("signature")
    message = "".join(f"{name}={query[name]}" for name in sorted(query))
    expected = hmac.new(CLIENT_SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()

    assert given == expected
    assert query["shop"] == "regulars-demo.myshopify.com"
    assert query["path_prefix"] == "/apps/regulars"
    assert query["logged_in_customer_id"] == ""
    assert abs(int(query["timestamp"]) - time.time()) < 5


def test_repeated_parameters_are_joined_with_commas():
    once = signature([("x", "1,2")], "secret")

    assert signature([("x", "1"), ("x", "2")], "secret") == once


def test_a_browser_cannot_say_who_it_is(shop, visitor):
    visitor.get("/apps/regulars/panel?logged_in_customer_id=7&shop=evil.example&signature=0")

    query = dict(shop.app.seen[0]["query"])
    assert query["logged_in_customer_id"] == ""
    assert query["shop"] == "regulars-demo.myshopify.com"
    assert verified(shop.app.seen[0]).ok


def test_the_timestamp_is_the_real_time_whatever_the_shops_clock_says(shop, visitor):
    shop.services.store.clock.advance(14 * 86_400)

    visitor.get("/apps/regulars/panel")

    assert abs(int(dict(shop.app.seen[0]["query"])["timestamp"]) - time.time()) < 5


def test_body_and_status_pass_and_cookies_do_not(shop, visitor):
    visitor.session.cookies.set("shopper", "secret")

    answer = visitor.post("/apps/regulars/teapot", data='{"a": 1}')

    seen = shop.app.seen[0]
    assert seen["method"] == "POST"
    assert seen["body"] == '{"a": 1}'
    assert "Cookie" not in seen["headers"]
    assert seen["headers"]["X-Forwarded-Host"] == urlsplit(shop.url).netloc
    assert answer.status_code == 418
    assert answer.json() == {"path": "teapot"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "app" not in answer.cookies


def test_an_app_that_takes_too_long_ends_in_an_error_page(shop, visitor, monkeypatch):
    monkeypatch.setattr(app_proxy, "TIMEOUT_SECONDS", 0.1)

    answer = visitor.get("/apps/regulars/slow")

    assert answer.status_code == 504
    assert "third-party application" in answer.text


def test_the_apps_parameters_do_not_change_the_shops_language(shop, visitor):
    visitor.get("/?locale=th")

    visitor.get("/apps/regulars/panel?locale=en")

    assert '<html lang="th"' in visitor.get("/").text
