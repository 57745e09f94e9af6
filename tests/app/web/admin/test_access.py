"""A shop whose access is lost is told so on every page, and works on with what is known."""

import pytest

from tests.app.fake_shopify import unavailable

PAGES = ("/", "/programme", "/rewards", "/widget", "/members", "/postings/issued", "/deliveries")


@pytest.fixture
def lose(parts, fake):
    """Take the shop's access away, with a Shopify that gives no new one."""

    def lose(change):
        with parts.database.owner.begin() as connection:
            connection.exec_driver_sql(f"update shop set {change}")
        for _page in PAGES:
            fake.fail("token_exchange", before=unavailable(maybe_done=False))

    return lose


def test_a_shop_with_access_is_told_nothing(admin):
    assert "s-banner" not in admin.get("/members").text


@pytest.mark.parametrize(
    ("change", "heading"),
    [
        ("must_reopen = true", "The app has no access to your store right now"),
        ("uninstalled_at = now()", "The app is not installed in your store"),
    ],
)
def test_every_page_says_that_access_is_lost(admin, tenant, lose, change, heading):
    lose(change)

    for path in PAGES:
        answer = admin.get(path)
        assert (answer.status_code, heading in answer.text) == (200, True), path


def test_the_banner_goes_when_shopify_gives_access_again(admin, tenant, parts):
    with parts.database.owner.begin() as connection:
        connection.exec_driver_sql("update shop set must_reopen = true")

    assert "no access" not in admin.get("/members").text
