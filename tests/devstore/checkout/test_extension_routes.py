"""What the checkout extension's frames are given."""

import json
import re
import time

import jwt
import pytest
from shopify_app import ShopifyApp

from devstore.store import MetafieldInput
from tests.devstore.storefront.shop import CLIENT_ID, CLIENT_SECRET, running_shop

TARGET = "purchase.checkout.reductions.render-after"


def change(visitor, kind, code):
    return visitor.post("/checkout/discount-codes", json={"type": kind, "code": code}).json()


def extension_data(visitor):
    page = visitor.get(f"/checkout/extension/{TARGET}").text
    return json.loads(re.search(r'id="extension">(.*?)</script>', page, re.DOTALL)[1])


def test_the_session_token_names_shop_and_customer_for_five_minutes(shop, visitor):
    mali = shop.customer()
    guest = visitor.post("/checkout/session-token").json()["token"]
    visitor.sign_in(mali)
    token = visitor.post("/checkout/session-token").json()["token"]

    claims = jwt.decode(token, CLIENT_SECRET, algorithms=["HS256"], audience=CLIENT_ID)
    guest_claims = jwt.decode(guest, CLIENT_SECRET, algorithms=["HS256"], audience=CLIENT_ID)

    assert claims["sub"] == mali.gid
    assert claims["dest"].endswith("regulars-demo.myshopify.com")
    assert 290 < claims["exp"] - time.time() <= 300
    assert "sub" not in guest_claims


def test_shopifys_own_verifier_accepts_the_token(shop, visitor):
    token = visitor.post("/checkout/session-token").json()["token"]
    shopify = ShopifyApp(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    headers = {"Authorization": f"Bearer {token}"}
    request = {"method": "GET", "headers": headers, "url": "https://app.example/", "body": ""}

    assert shopify.verify_checkout_ui_ext_req(request).ok


def test_a_code_that_applies_is_added_and_told(shop, visitor):
    shop.code("TEA50", amount_minor=5000)
    visitor.add("jasmine-tea")

    answer = change(visitor, "addDiscountCode", "tea50")
    removed = change(visitor, "removeDiscountCode", "TEA50")

    assert answer["result"] == {"type": "success"}
    assert answer["signals"]["discountCodes"] == [{"code": "TEA50"}]
    assert answer["signals"]["cost.totalAmount"] == {"amount": 120.0, "currencyCode": "THB"}
    assert removed["result"] == {"type": "success"}
    assert removed["signals"]["discountCodes"] == []


def test_a_code_that_does_not_apply_is_an_error_and_not_kept(shop, visitor):
    shop.code("BIG", amount_minor=5000, minimum_subtotal_minor=100_000)
    visitor.add("jasmine-tea")

    answer = change(visitor, "addDiscountCode", "BIG")

    assert answer["result"]["type"] == "error"
    assert "BIG" in answer["result"]["message"]
    assert visitor.cart()["discount_codes"] == []


def test_the_simulated_failure_refuses_every_code_of_the_extension(shop, visitor):
    shop.code("TEA50", amount_minor=5000)
    visitor.add("jasmine-tea")
    visitor.post("/devstore/bar", data={"refuse_codes_shown": "1", "refuse_codes": "on"})

    refused = change(visitor, "addDiscountCode", "TEA50")
    visitor.post("/devstore/bar", data={"refuse_codes_shown": "1"})
    accepted = change(visitor, "addDiscountCode", "TEA50")

    assert refused["result"]["type"] == "error"
    assert accepted["result"] == {"type": "success"}


def test_the_extension_gets_the_metafields_its_toml_asks_for_and_no_others(shop, visitor):
    mali = shop.customer()
    shop.give_points(mali, 1240)
    api = json.dumps({"api_url": "https://app.example"})
    shop.services.store.metafields.set(
        [MetafieldInput(shop.services.store.shop.gid, "$app", "checkout", "json", api)]
    )
    visitor.sign_in(mali)

    entries = extension_data(visitor)["signals"]["appMetafields"]

    assert [(each["target"]["type"], each["metafield"]["key"]) for each in entries] == [
        ("shop", "checkout"),
        ("customer", "points"),
    ]
    assert entries[1]["metafield"]["value"] == "1240"
    assert entries[1]["metafield"]["namespace"] == "$app"


def test_texts_come_in_the_shoppers_language(visitor):
    visitor.get("/?locale=th")

    assert extension_data(visitor)["translations"]["use"] == "ใช้กลีบ"


@pytest.mark.parametrize(("plan", "frames"), [("Plus", 1), ("Basic", 0)])
def test_only_plus_shops_show_extensions_in_the_checkout(tmp_path, plan, frames):
    with running_shop(tmp_path, plan=plan) as shop:
        visitor = shop.visitor()
        visitor.add("jasmine-tea")

        page = visitor.get("/checkout").text
        frame = visitor.get(f"/checkout/extension/{TARGET}")

    assert page.count("<iframe") == frames
    assert frame.status_code == (200 if frames else 404)
