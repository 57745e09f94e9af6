"""Redemption against the development store, with its faults."""

from datetime import timedelta

import pytest

from app import clock
from app.db.models import Shop
from app.db.session import Tenant
from app.flows.push_member_metafields import push_member_metafields
from app.flows.push_widget_settings import push_widget_settings
from app.flows.redeem import redeem_reward
from app.flows.settle_held import settle_held_redemptions
from app.flows.shop_access import run_for_shop, vault_of
from app.flows.undo_redemption import undo_redemption
from app.shopify.errors import RefreshTokenLost

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"


@pytest.fixture
def redeem(parts, buyer, rewards):
    def redeem(reward="amount_off", key=KEY):
        return redeem_reward(parts, buyer, reward_id=rewards[reward], key=key, surface="widget")

    return redeem


@pytest.fixture
def settle(parts, opened):
    def settle():
        clock.set_offset(timedelta(seconds=10))
        return settle_held_redemptions(parts, opened.shop_id)

    yield settle
    clock.set_offset(timedelta(0))


def discount_of(parts, running, redemption):
    return running.store.discounts.by_code(vault_of(parts).decrypt(redemption.code))


def test_installing_reads_the_shops_facts(parts, opened):
    with parts.database.tenant(Tenant(shop_id=opened.shop_id)) as session:
        shop = session.get_one(Shop, opened.shop_id)
        assert (shop.domain, shop.name) == ("regulars-demo.myshopify.com", "Baan Cha")
        assert shop.is_plus
        assert "write_discounts" in shop.scopes


@pytest.mark.parametrize("reward", ["amount_off", "percentage_off", "free_shipping"])
def test_every_reward_becomes_a_code_for_this_customer(parts, running, buyer, redeem, reward):
    redemption = redeem(reward)

    discount = discount_of(parts, running, redemption)
    assert redemption.state == "ready"
    assert redemption.discount_gid.endswith(str(discount.id))
    assert discount.usage_limit == 1
    assert list(discount.customer_ids) == [buyer.customer_id]


def test_undo_deletes_the_code(parts, running, buyer, redeem):
    redemption = redeem()

    undo_redemption(parts, buyer, redemption.id, reason="undone")

    assert discount_of(parts, running, redemption) is None


@pytest.mark.parametrize("kind", ["before", "after", "500"])
def test_code_of_unknown_fate_is_settled(parts, running, redeem, settle, balances, kind):
    running.fail("discountCodeBasicCreate", kind)

    held = redeem()

    assert held.state == "held"
    assert settle() == 1
    ready = redeem()
    assert ready.state == "ready"
    assert discount_of(parts, running, ready) is not None
    assert balances() == (900, 100)


def test_answer_that_does_not_come_is_not_waited_for(parts, running, redeem, settle):
    running.fail("discountCodeBasicCreate", "timeout", seconds=6)

    held = redeem()

    # Whoever waited for the answer would have the code.
    assert held.state == "held"
    settle()
    assert redeem().state == "ready"


def test_throttling_is_waited_out(running, redeem):
    running.fail("discountCodeBasicCreate", "throttled")

    assert redeem().state == "ready"


def test_expired_access_token_is_refreshed_on_the_way(running, redeem):
    running.store.access.expire_all()

    assert redeem().state == "ready"


def test_revoked_tokens_wait_for_the_merchant(parts, running, opened):
    running.store.access.revoke_all()

    with pytest.raises(RefreshTokenLost):
        run_for_shop(parts, opened.shop_id, "shop_facts")


def test_metafields_arrive(parts, running, opened, buyer):
    push_member_metafields(parts, opened.program_id)
    push_widget_settings(parts, opened.program_id)

    owner = f"gid://shopify/Customer/{buyer.customer_id}"
    found = {field.key: field.parsed for field in running.store.metafields.all(owner)}
    assert found["points"] == 1_000
    assert found["state"]["tier"]["next"] == "Silver"
