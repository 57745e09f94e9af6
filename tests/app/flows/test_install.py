"""Opening the app installs it, once, and takes it up again when it was left."""

import threading

import pytest
from sqlalchemy import func, select, text

from app.db.models import Program, Reward, Shop, Tier
from app.db.session import Tenant
from app.flows.install import open_shop
from app.flows.shop_access import vault_of
from app.shopify.errors import IdTokenRefused, ShopifyUnavailable
from app.shopify.id_tokens import read_admin_token
from tests.app.fake_shopify import unavailable


@pytest.fixture
def token(sign_id_token, parts):
    return read_admin_token(sign_id_token(), parts.settings)


def change_shop(parts, **values):
    with parts.database.owner.begin() as connection:
        connection.execute(Shop.__table__.update().values(**values))


def read_shop(parts, opened):
    with parts.database.tenant(Tenant(shop_id=opened.shop_id)) as session:
        shop = session.get_one(Shop, opened.shop_id)
        session.expunge(shop)
        return shop


def test_first_opening_creates_shop_and_default_programme(parts, token):
    opened = open_shop(parts, token)

    with parts.database.tenant(
        Tenant(program_id=opened.program_id, shop_id=opened.shop_id)
    ) as session:
        shop = session.get_one(Shop, opened.shop_id)
        program = session.get_one(Program, opened.program_id)
        tiers = session.scalars(select(Tier.name).order_by(Tier.threshold)).all()
        rewards = session.scalar(select(func.count()).select_from(Reward))
        assert opened.newly_installed
        assert (shop.domain, shop.name, shop.is_plus) == ("tea.myshopify.com", "Baan Cha", True)
        assert (program.currency, program.iana_timezone) == ("THB", "Asia/Bangkok")
        assert tiers == ["Bronze", "Silver", "Gold"]
        assert rewards == 3


def test_tokens_are_encrypted_at_rest(parts, token):
    shop = read_shop(parts, open_shop(parts, token))

    assert b"access-1" not in shop.access_token
    assert vault_of(parts).decrypt(shop.access_token) == "access-1"
    assert vault_of(parts).decrypt(shop.refresh_token) == "refresh-1"


def test_first_opening_enqueues_what_the_shop_needs(parts, token, recorded_jobs):
    opened = open_shop(parts, token)

    assert ("read_history", {"shop_id": opened.shop_id}) in recorded_jobs.enqueued
    assert ("push_widget_settings", {"program_id": opened.program_id}) in recorded_jobs.enqueued


def test_second_opening_asks_shopify_nothing(parts, token, fake):
    first = open_shop(parts, token)
    fake.asked.clear()

    again = open_shop(parts, token)

    assert (again.shop_id, again.newly_installed) == (first.shop_id, False)
    assert fake.asked == []


def test_two_openings_at_once_install_once(parts, token, fake):
    opened = []
    threads = [
        threading.Thread(target=lambda: opened.append(open_shop(parts, token))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({one.shop_id for one in opened}) == 1
    assert [one.newly_installed for one in opened].count(True) == 1
    assert fake.asked.count("token_exchange") == 1


def test_reinstalling_takes_up_shop_and_programme_with_new_tokens(parts, token):
    first = open_shop(parts, token)
    before = read_shop(parts, first)
    change_shop(parts, uninstalled_at=func.now(), access_token=None, refresh_token=None)

    again = open_shop(parts, token)

    shop = read_shop(parts, again)
    assert (again.shop_id, again.program_id) == (first.shop_id, first.program_id)
    assert again.newly_installed
    assert shop.uninstalled_at is None
    assert shop.installed_at > before.installed_at
    assert vault_of(parts).decrypt(shop.access_token) == "access-2"


def test_opening_mends_a_lost_refresh_token(parts, token):
    first = open_shop(parts, token)
    change_shop(parts, must_reopen=True)

    again = open_shop(parts, token)

    assert again.shop_id == first.shop_id
    assert not read_shop(parts, again).must_reopen


@pytest.mark.parametrize("operation", ["token_exchange", "shop_facts"])
def test_failing_shopify_leaves_nothing_behind(parts, token, fake, operation):
    fake.fail(operation, before=unavailable(maybe_done=True))

    with pytest.raises(ShopifyUnavailable):
        open_shop(parts, token)

    with parts.database.owner.connect() as connection:
        assert connection.scalar(text("select count(*) from shop")) == 0
    assert open_shop(parts, token).newly_installed


@pytest.mark.parametrize(
    ("lost", "access"),
    [({"must_reopen": True}, "lost"), ({"uninstalled_at": func.now()}, "uninstalled")],
)
def test_a_known_shop_opens_without_access_while_shopify_is_away(parts, token, fake, lost, access):
    first = open_shop(parts, token)
    change_shop(parts, **lost)
    fake.fail("token_exchange", before=unavailable(maybe_done=True))

    away = open_shop(parts, token)
    back = open_shop(parts, token)

    assert (away.shop_id, away.access) == (first.shop_id, access)
    assert (back.shop_id, back.access) == (first.shop_id, "good")


def test_refused_id_token_stores_nothing(parts, token, fake):
    fake.fail(
        "token_exchange",
        before=IdTokenRefused(shop_domain=token.shop_domain, operation="token_exchange"),
    )

    with pytest.raises(IdTokenRefused):
        open_shop(parts, token)


def test_redacted_shop_starts_empty(parts, token):
    first = open_shop(parts, token)
    change_shop(parts, redacted_at=func.now(), domain="redacted-1.myshopify.com")

    assert open_shop(parts, token).shop_id != first.shop_id
