"""What the app proxy forwards is believed only when Shopify signed it, just now."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from app.shopify.proxy_signature import SignatureInvalid, read_proxy_query, sign_proxy_query

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def values(**changes):
    own = {
        "shop": ["tea.myshopify.com"],
        "path_prefix": ["/apps/regulars"],
        "timestamp": [str(int(NOW.timestamp()))],
        "logged_in_customer_id": ["7"],
        "locale": ["th"],
    }
    return {name: value for name, value in (own | changes).items() if value is not None}


def query(settings, signed, **unsigned):
    signature = sign_proxy_query(signed, settings.shopify_client_secret)
    return urlencode(signed | {"signature": [signature]} | unsigned, doseq=True)


def test_signature_is_shopifys():
    # The example of shopify.dev, "Authenticate app proxies".
    signed = {
        "extra": ["1", "2"],
        "shop": ["shop-name.myshopify.com"],
        "logged_in_customer_id": [""],
        "path_prefix": ["/apps/awesome_reviews"],
        "timestamp": ["1317327555"],
    }
    told = (
        "extra=1,2logged_in_customer_id=path_prefix=/apps/awesome_reviews"
        "shop=shop-name.myshopify.comtimestamp=1317327555"
    )

    expected = hmac.new(b"hush", told.encode(), hashlib.sha256).hexdigest()

    assert sign_proxy_query(signed, "hush") == expected


def test_signed_query_names_shop_and_customer(settings):
    caller = read_proxy_query(query(settings, values()), settings, NOW)

    assert (caller.shop_domain, caller.customer_id) == ("tea.myshopify.com", 7)


def test_guests_have_no_customer(settings):
    signed = values(logged_in_customer_id=[""])

    assert read_proxy_query(query(settings, signed), settings, NOW).customer_id is None


def test_thai_and_repeated_values_are_part_of_the_signature(settings):
    signed = values(q=["ชา", "สบู่"])

    assert read_proxy_query(query(settings, signed), settings, NOW).customer_id == 7


@pytest.mark.parametrize("age_s", [-90, 0, 90])
def test_signature_lives_90_seconds(settings, age_s):
    now = NOW + timedelta(seconds=age_s)

    assert read_proxy_query(query(settings, values()), settings, now).customer_id == 7


@pytest.mark.parametrize("age_s", [-91, 91, 3600])
def test_late_signature_is_refused(settings, age_s):
    with pytest.raises(SignatureInvalid, match="late"):
        read_proxy_query(query(settings, values()), settings, NOW + timedelta(seconds=age_s))


@pytest.mark.parametrize(
    "changed",
    [
        {"logged_in_customer_id": ["8"]},
        {"shop": ["other.myshopify.com"]},
        {"timestamp": [str(int(NOW.timestamp()) + 1)]},
        {"locale": ["en"]},
        {"reward": ["3"]},
        {"signature": ["é"]},
        {"signature": [""]},
    ],
)
def test_anything_changed_is_refused(settings, changed):
    with pytest.raises(SignatureInvalid):
        read_proxy_query(query(settings, values(), **changed), settings, NOW)


@pytest.mark.parametrize(
    "signed",
    [
        values(logged_in_customer_id=["7", "8"]),
        values(shop=["tea.myshopify.com", "other.myshopify.com"]),
        values(shop=["tea.example.com"]),
        values(shop=None),
        values(timestamp=None),
        values(timestamp=["soon"]),
        values(timestamp=["٣"]),
        values(logged_in_customer_id=["mali"]),
    ],
)
def test_signed_but_senseless_queries_are_refused(settings, signed):
    with pytest.raises(SignatureInvalid):
        read_proxy_query(query(settings, signed), settings, NOW)


@pytest.mark.parametrize("raw", ["", "signature=a", "%ff=1&signature=a", "&".join("a" * 60)])
def test_unsigned_queries_are_refused(settings, raw):
    with pytest.raises(SignatureInvalid):
        read_proxy_query(raw, settings, NOW)
