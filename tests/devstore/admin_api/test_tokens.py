"""The token endpoint gives, rotates and refuses tokens as Shopify's does."""

import jwt
import pytest


def test_an_id_token_is_exchanged_for_a_token_that_expires(running):
    answer = running.exchange().json()

    assert answer["access_token"].startswith("shpat_")
    assert answer["expires_in"] == 3600
    assert answer["refresh_token_expires_in"] == 90 * 24 * 3600
    assert "write_discounts" in answer["scope"].split(",")
    assert running.store.installation.installed


def test_without_expiring_there_is_no_refresh_token(running):
    answer = running.exchange(expiring="0").json()

    assert set(answer) == {"access_token", "scope"}


def test_a_refresh_token_works_once_and_ends_the_old_access_token(running):
    first = running.exchange().json()

    refreshed = running.token_request(
        grant_type="refresh_token", refresh_token=first["refresh_token"]
    )
    again = running.token_request(grant_type="refresh_token", refresh_token=first["refresh_token"])

    assert refreshed.status_code == 200
    assert refreshed.json()["refresh_token"] != first["refresh_token"]
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"
    assert running.ask("{ shop { id } }", first["access_token"]).status_code == 401
    assert running.data("{ shop { id } }", refreshed.json()["access_token"])


@pytest.mark.parametrize(
    "change",
    [{"aud": "another"}, {"dest": "https://other.myshopify.com"}, {"exp": 1000}, {"exp": None}],
)
def test_an_id_token_that_proves_nothing_is_refused(running, change):
    claims = jwt.decode(running.store.tokens.id_token(), options={"verify_signature": False})
    claims = {name: value for name, value in (claims | change).items() if value is not None}

    answer = running.exchange(
        jwt.encode(claims, running.store.tokens.client_secret, algorithm="HS256")
    )

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_subject_token"
    assert not running.store.installation.installed


def test_an_id_token_signed_by_another_is_refused(running):
    claims = jwt.decode(running.store.tokens.id_token(), options={"verify_signature": False})

    answer = running.exchange(
        jwt.encode(claims, "another-secret-of-more-than-32-bytes-012345", algorithm="HS256")
    )

    assert answer.json()["error"] == "invalid_subject_token"


def test_a_wrong_client_secret_is_refused(running):
    answer = running.token_request(grant_type="refresh_token", client_secret="wrong")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_uninstall_ends_every_token(running):
    token = running.exchange().json()["access_token"]

    running.store.installation.uninstall()

    answer = running.ask("{ shop { id } }", token)
    assert answer.status_code == 401
    assert answer.json()["errors"].startswith("[API] Invalid API key or access token")
