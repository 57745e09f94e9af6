"""Settings and signed tokens as Shopify would issue them."""

import time

import jwt
import pytest

from app.settings import Settings


@pytest.fixture
def settings():
    return Settings(
        database_url="postgresql:///unused",
        shopify_client_id="client-1",
        shopify_client_secret="secret-1-long-enough-for-hs256-signing",
        app_url="https://app.example",
        encryption_keys=(),
        ledger_key=b"",
    )


@pytest.fixture
def admin_claims():
    now = int(time.time())
    return {
        "iss": "https://tea.myshopify.com/admin",
        "dest": "https://tea.myshopify.com",
        "aud": "client-1",
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "a",
        "sid": "b",
    }


@pytest.fixture
def sign(settings):
    def sign(claims, secret=settings.shopify_client_secret, algorithm="HS256"):
        return jwt.encode(claims, secret, algorithm=algorithm)

    return sign
