"""A cart that is too small for a reward costs no points: the shopper is told what is missing."""

import time

import jwt
import pytest
from sqlalchemy import func, select

from app.clock import utc_now
from app.db.models import Posting, Redemption
from app.services.save_reward import save_reward
from app.shopify.proxy_signature import sign_proxy_query
from app.web.cart_hint import checkout_hint, storefront_hint
from app.web.checkout import blueprint as checkout
from app.web.storefront import blueprint as storefront

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"
SHOP = "tea.myshopify.com"


@pytest.fixture
def reward_id(parts, tenant, buyer):
    """A reward on orders over ฿500."""
    with parts.database.tenant(tenant) as session:
        return save_reward(
            session,
            program_id=tenant.program_id,
            reward_id=None,
            type="amount_off",
            points=100,
            config={"amount_minor": 10_000, "minimum_subtotal_minor": 50_000},
            active=True,
            now=utc_now(),
        )


@pytest.fixture
def client(web):
    web.register_blueprint(storefront)
    web.register_blueprint(checkout)
    return web.test_client(use_cookies=False)


@pytest.fixture
def at_the_widget(client, installation_settings, reward_id):
    """Redeem with the widget's hint: hundredths, as the storefront's cart counts."""

    def redeem(locale="en", **hint):
        query = {
            "shop": SHOP,
            "logged_in_customer_id": "7",
            "timestamp": str(int(time.time())),
            "reward": str(reward_id),
            "key": KEY,
            "locale": locale,
            **hint,
        }
        signed = {name: [value] for name, value in query.items()}
        secret = installation_settings.shopify_client_secret
        query["signature"] = sign_proxy_query(signed, secret)
        return client.post("/proxy/redeem", query_string=query)

    return redeem


@pytest.fixture
def in_checkout(client, installation_settings, reward_id):
    """Redeem with checkout's hint: an amount as checkout writes it."""

    def redeem(locale="en", **hint):
        claims = {
            "dest": SHOP,
            "aud": "client-1",
            "exp": int(time.time()) + 300,
            "sub": "gid://shopify/Customer/7",
        }
        token = jwt.encode(claims, installation_settings.shopify_client_secret, "HS256")
        body = {"reward": str(reward_id), "key": KEY, "locale": locale, **hint}
        headers = {"Authorization": f"Bearer {token}"}
        return client.post("/checkout/redeem", json=body, headers=headers)

    return redeem


@pytest.fixture
def counted(parts, tenant):
    """Return a function that counts redemptions and postings."""

    def counted():
        with parts.database.tenant(tenant) as session:
            tables = (Redemption, Posting)
            return [session.scalar(select(func.count()).select_from(each)) for each in tables]

    return counted


def test_widget_says_what_is_missing_before_points_move(at_the_widget, counted, fake):
    before = counted()

    answer = at_the_widget(subtotal="30050", currency="THB")

    assert answer.status_code == 422
    assert answer.json["error"] == {
        "code": "cart_too_small",
        "text": "Add ฿199.50 more to use this reward.",
        "missing_minor": 19_950,
        "currency": "THB",
    }
    assert counted() == before
    assert fake.asked == []


def test_checkout_says_what_is_missing_before_points_move(in_checkout, counted, fake):
    before = counted()

    answer = in_checkout("th", subtotal="300.5", currency="THB")

    assert answer.status_code == 422
    assert answer.json["error"]["missing_minor"] == 19_950
    assert answer.json["error"]["text"] == "เพิ่มสินค้าอีก ฿199.50 เพื่อใช้รางวัลนี้"
    assert counted() == before
    assert fake.asked == []


def test_same_ask_with_a_larger_cart_gets_the_reward(at_the_widget):
    at_the_widget(subtotal="49999", currency="THB")

    assert at_the_widget(subtotal="50000", currency="THB").status_code == 200


@pytest.mark.parametrize(
    "hint",
    [
        {},
        {"subtotal": "100", "currency": "USD"},
        {"subtotal": "a lot", "currency": "THB"},
        {"subtotal": "NaN", "currency": "THB"},
        {"subtotal": "-5", "currency": "THB"},
        {"subtotal": "1" * 50, "currency": "THB"},
        {"subtotal": "100"},
    ],
)
def test_what_cannot_be_judged_is_left_to_shopify(at_the_widget, hint):
    assert at_the_widget(**hint).status_code == 200


def test_reward_that_was_given_is_not_refused_when_asked_for_again(at_the_widget):
    given = at_the_widget(subtotal="60000", currency="THB")

    again = at_the_widget(subtotal="10000", currency="THB")

    assert again.json["redemption"] == given.json["redemption"]


@pytest.mark.parametrize(
    ("currency", "hundredths", "amount", "minor"),
    [
        ("THB", "12345", "123.45", 12_345),
        ("JPY", "50000", "500", 500),
        ("KWD", "150", "1.5", 1_500),
    ],
)
def test_both_pages_tell_the_same_amount(currency, hundredths, amount, minor):
    widget = storefront_hint({"subtotal": hundredths, "currency": currency})
    page = checkout_hint({"subtotal": amount, "currency": currency})

    assert widget.minor(currency) == page.minor(currency) == minor
