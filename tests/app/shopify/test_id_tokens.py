"""Signed tokens are believed only when everything about them holds."""

import dataclasses
import time

import pytest

from app.shopify.id_tokens import TokenInvalid, read_admin_token, read_shopper_token

OTHER = "another-secret-that-is-long-enough-for-hs256"


def test_admin_token_names_shop_and_staff_member(settings, admin_claims, sign):
    token = read_admin_token(sign(admin_claims), settings)

    assert (token.shop_domain, token.user_id) == ("tea.myshopify.com", 42)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "client-2"},
        {"exp": int(time.time()) - 11},
        {"exp": None},
        {"nbf": int(time.time()) + 86_400},
        {"iss": "https://other.myshopify.com/admin"},
        {"iss": None},
        {"dest": "https://other.myshopify.com"},
        {"dest": "https://tea.example.com", "iss": "https://tea.example.com/admin"},
        {"dest": "https://tea.myshopify.com:8443", "iss": "https://tea.myshopify.com:8443/admin"},
        {"dest": "https://tea.myshopify.com.evil.example"},
        {"dest": ""},
        {"dest": None},
        {"sub": "mali"},
        {"sub": ""},
        {"sub": None},
    ],
)
def test_admin_token_with_a_wrong_or_missing_claim_is_refused(settings, admin_claims, sign, wrong):
    claims = {k: v for k, v in (admin_claims | wrong).items() if v is not None}

    with pytest.raises(TokenInvalid):
        read_admin_token(sign(claims), settings)


@pytest.mark.parametrize("token", ["", "a.b.c", "กขค", "x" * 10_000, "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(settings, token):
    for read in (read_admin_token, read_shopper_token):
        with pytest.raises(TokenInvalid):
            read(token, settings)


def test_token_signed_with_another_secret_is_refused(settings, admin_claims, sign):
    with pytest.raises(TokenInvalid):
        read_admin_token(sign(admin_claims, OTHER), settings)


def test_token_signed_with_the_old_secret_is_accepted_during_rotation(settings, admin_claims, sign):
    rotating = dataclasses.replace(settings, shopify_old_client_secret=OTHER)

    assert read_admin_token(sign(admin_claims, OTHER), rotating).user_id == 42
    assert read_admin_token(sign(admin_claims), rotating).user_id == 42


def test_shopper_token_may_have_a_bare_host_and_a_customer(settings, sign):
    claims = {
        "dest": "tea.myshopify.com",
        "aud": "client-1",
        "exp": int(time.time()) + 300,
        "sub": "gid://shopify/Customer/7",
    }

    token = read_shopper_token(sign(claims), settings)

    assert (token.shop_domain, token.customer_id) == ("tea.myshopify.com", 7)


def test_shopper_token_of_a_guest_names_no_customer(settings, sign):
    claims = {"dest": "tea.myshopify.com", "aud": "client-1", "exp": int(time.time()) + 300}

    assert read_shopper_token(sign(claims), settings).customer_id is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": None},
        {"exp": int(time.time()) - 11},
        {"aud": "client-2"},
        {"aud": None},
        {"dest": "evil.example"},
        {"dest": None},
        {"sub": "gid://shopify/Order/7"},
        {"sub": "gid://shopify/Customer/๗"},
    ],
)
def test_shopper_token_with_a_wrong_claim_is_refused(settings, sign, wrong):
    claims = {"dest": "tea.myshopify.com", "aud": "client-1", "exp": int(time.time()) + 300}
    claims = {k: v for k, v in (claims | wrong).items() if v is not None}

    with pytest.raises(TokenInvalid):
        read_shopper_token(sign(claims), settings)
