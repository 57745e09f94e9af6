"""Tokens are refreshed in time, once, and their loss is told."""

import threading
from datetime import timedelta

import pytest

from app.clock import wall_now
from app.db.models import Shop
from app.db.session import Tenant
from app.flows.install import open_shop
from app.flows.shop_access import renew_ageing_refresh_tokens, run_for_shop, usable_access
from app.shopify.errors import RefreshTokenLost, ShopClosed, ShopifyUnavailable
from app.shopify.id_tokens import read_admin_token
from tests.app.fake_shopify import unavailable


@pytest.fixture
def shop_id(parts, sign_id_token, fake):
    opened = open_shop(parts, read_admin_token(sign_id_token(), parts.settings))
    fake.asked.clear()
    return opened.shop_id


def change_shop(parts, **values):
    with parts.database.owner.begin() as connection:
        connection.execute(Shop.__table__.update().values(**values))


def ends_in(parts, **time):
    change_shop(parts, access_token_expires_at=wall_now() + timedelta(**time))


def test_token_with_life_left_is_used_as_it_is(parts, shop_id, fake):
    assert usable_access(parts, shop_id).token == "access-1"
    assert fake.asked == []


def test_token_near_its_end_is_refreshed_and_the_new_pair_kept(parts, shop_id, fake):
    ends_in(parts, minutes=5)

    assert usable_access(parts, shop_id).token == "access-2"
    assert usable_access(parts, shop_id).token == "access-2"
    assert fake.asked == ["token_refresh"]


def test_many_who_need_the_token_at_once_refresh_it_once(parts, shop_id, fake):
    ends_in(parts, minutes=-1)
    tokens = []
    threads = [
        threading.Thread(target=lambda: tokens.append(usable_access(parts, shop_id).token))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert tokens == ["access-2"] * 4
    assert fake.asked == ["token_refresh"]


def test_old_token_serves_while_shopify_gives_no_new_one(parts, shop_id, fake):
    ends_in(parts, minutes=5)
    fake.fail("token_refresh", before=unavailable(maybe_done=True))

    assert usable_access(parts, shop_id).token == "access-1"


def test_dead_token_that_cannot_be_refreshed_is_unavailable(parts, shop_id, fake):
    ends_in(parts, minutes=-1)
    fake.fail("token_refresh", before=unavailable(maybe_done=True))

    with pytest.raises(ShopifyUnavailable):
        usable_access(parts, shop_id)


def test_rejected_token_is_refreshed_and_the_operation_sent_again(parts, shop_id, fake):
    fake.valid_tokens.clear()

    data = run_for_shop(parts, shop_id, "find_code", {"code": "RG-1"})

    assert data == {"codeDiscountNodeByCode": None}
    assert fake.asked == ["find_code", "token_refresh", "find_code"]


def test_lost_refresh_token_waits_for_the_merchant(parts, shop_id, fake):
    ends_in(parts, minutes=-1)
    fake.refresh_tokens.clear()

    with pytest.raises(RefreshTokenLost):
        usable_access(parts, shop_id)

    with parts.database.tenant(Tenant(shop_id=shop_id)) as session:
        assert session.get_one(Shop, shop_id).must_reopen
    fake.asked.clear()
    with pytest.raises(RefreshTokenLost):
        usable_access(parts, shop_id)
    assert fake.asked == []


def test_shop_that_uninstalled_is_closed(parts, shop_id):
    change_shop(parts, uninstalled_at=wall_now())

    with pytest.raises(ShopClosed):
        usable_access(parts, shop_id)


def test_refresh_tokens_of_silent_shops_are_renewed_in_time(parts, shop_id, fake):
    change_shop(parts, refresh_token_expires_at=wall_now() + timedelta(days=30))

    renew_ageing_refresh_tokens(parts)
    renew_ageing_refresh_tokens(parts)

    assert fake.asked == ["token_refresh"]
