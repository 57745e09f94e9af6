"""The account's pages, and what the account extension's frame is given."""

import json
import re

import jwt
import pytest

from devstore.store import MetafieldInput
from tests.devstore.storefront.shop import CLIENT_ID, CLIENT_SECRET

FRAME = "/account/extension/customer-account.page.render"
WHERE = '{ shop { name metafield(namespace: "$app", key: "%s") { value } } }'


def extension_data(visitor):
    page = visitor.get(FRAME).text
    return json.loads(re.search(r'id="extension">(.*?)</script>', page, re.DOTALL)[1])


def ask_storefront(visitor, query):
    return visitor.post("/account/storefront-api", json={"query": query}).json()


@pytest.fixture
def member(shop, visitor):
    mali = shop.customer()
    visitor.sign_in(mali)
    return mali


@pytest.mark.parametrize("locale", ["en", "th"])
@pytest.mark.parametrize("path", ["/account", "/account/rewards"])
def test_every_page_is_whole_in_both_languages(visitor, member, path, locale):
    page = visitor.get(f"{path}?locale={locale}")

    assert page.status_code == 200
    assert "translation missing" not in page.text
    assert f'<a href="{path}" aria-current="page">' in re.sub(r"\s+", " ", page.text)


def test_the_rewards_page_is_the_extensions_frame_without_the_themes_widget(visitor, member):
    page = visitor.get("/account/rewards").text

    assert f'src="{FRAME}"' in page
    assert "/cdn/extensions/points-widget" not in page


@pytest.mark.parametrize("path", ["/account", "/account/rewards"])
def test_guests_are_sent_to_the_sign_in(visitor, path):
    assert "/account/login" in visitor.get(path).url


def test_without_the_extension_there_are_only_orders(shop, visitor, member):
    (shop.services.settings.extensions / "account-points/dist/account.js").unlink()

    assert visitor.get("/account/rewards").url.endswith("/account")
    assert "/account/rewards" not in visitor.get("/account").text
    assert visitor.get(FRAME).status_code == 404


def test_the_frame_knows_who_is_signed_in_and_in_which_language(visitor, member):
    visitor.get("/?locale=th")

    data = extension_data(visitor)

    assert data["signals"]["authenticatedAccount.customer"] == {"id": member.gid}
    assert data["signals"]["localization.language"] == {"isoCode": "th"}
    assert data["translations"]["hello"] == "ของรางวัล"


def test_the_session_token_names_the_customer(visitor, member):
    token = visitor.post("/account/session-token").json()["token"]

    claims = jwt.decode(token, CLIENT_SECRET, algorithms=["HS256"], audience=CLIENT_ID)
    assert claims["sub"] == member.gid


def test_the_storefront_api_tells_public_metafields_of_the_shop_and_no_others(shop, visitor):
    gid = shop.services.store.shop.gid
    shop.services.store.metafields.set(
        [MetafieldInput(gid, "$app", key, "json", '"told"') for key in ("checkout", "hidden")]
    )

    public = ask_storefront(visitor, WHERE % "checkout")
    hidden = ask_storefront(visitor, WHERE % "hidden")

    assert public["data"]["shop"]["metafield"] == {"value": '"told"'}
    assert hidden["data"]["shop"]["metafield"] is None


def test_a_wrong_query_is_told_as_shopify_tells_it(visitor):
    answer = ask_storefront(visitor, "{ shop { secret } }")

    assert "Cannot query field 'secret'" in answer["errors"][0]["message"]
