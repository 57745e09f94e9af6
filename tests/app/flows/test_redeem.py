"""One click takes the points once and makes one code, whatever fails on the way."""

import threading
from datetime import timedelta

import pytest

from app import clock
from app.clock import wall_now
from app.db.models import Shop
from app.domain.errors import (
    IdempotencyConflict,
    NotEnoughPoints,
    RedemptionNotFound,
    RedemptionNotOpen,
    RewardUnavailable,
    TooManyRedemptions,
)
from app.flows.lapse_redemptions import lapse_redemptions
from app.flows.redeem import redeem_reward
from app.flows.settle_held import settle_held_redemptions
from app.flows.shop_access import vault_of
from app.flows.undo_redemption import undo_redemption
from app.shopify.errors import ShopClosed, ShopifyThrottled, ShopifyUnavailable
from tests.app.fake_shopify import refused, unavailable

KEY = "8a4f3c7e-5d1e-4b6b-9a55-3f6f9f9d1c11"


@pytest.fixture
def redeem(parts, buyer, rewards):
    def redeem(key=KEY, reward="amount_off"):
        return redeem_reward(parts, buyer, reward_id=rewards[reward], key=key, surface="widget")

    return redeem


@pytest.fixture
def later():
    """Return a function that moves the business clock; it is set back at the end."""

    def later(**time):
        clock.set_offset(timedelta(**time))

    yield later
    clock.set_offset(timedelta(0))


def change_shop(parts, **values):
    with parts.database.owner.begin() as connection:
        connection.execute(Shop.__table__.update().values(**values))


def end_token(parts):
    change_shop(parts, access_token_expires_at=wall_now() - timedelta(minutes=1))


def code_of(parts, redemption):
    return vault_of(parts).decrypt(redemption.code)


def test_redeeming_holds_the_points_and_makes_a_code_for_this_customer_alone(
    parts, redeem, fake, balances
):
    redemption = redeem()

    _, discount = fake.codes[code_of(parts, redemption)]
    assert redemption.state == "ready"
    assert balances() == (900, 100)
    assert discount["context"] == {"customers": {"add": ["gid://shopify/Customer/7"]}}
    assert discount["usageLimit"] == 1
    assert discount["customerGets"]["value"] == {
        "discountAmount": {"amount": "125.00", "appliesOnEachItem": False}
    }
    assert discount["endsAt"] == redemption.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_each_reward_type_asks_for_its_own_discount(parts, redeem, fake):
    shipping = redeem("key-2", "free_shipping")
    percentage = redeem("key-3", "percentage_off")

    assert fake.codes[code_of(parts, shipping)][1]["destination"] == {"all": True}
    assert fake.codes[code_of(parts, percentage)][1]["customerGets"]["value"] == {"percentage": 0.1}


def test_same_key_gives_the_same_redemption(redeem, fake, balances):
    first, again = redeem(), redeem()

    assert again == first
    assert len(fake.codes) == 1
    assert balances() == (900, 100)


def test_same_key_at_once_from_many_sides_redeems_once(redeem, fake, balances):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(redeem())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.id for answer in answers} == {answers[0].id}
    assert {answer.state for answer in answers} == {"ready"}
    assert len(fake.codes) == 1
    assert balances() == (900, 100)


def test_same_key_for_another_reward_is_a_conflict(redeem):
    redeem()

    with pytest.raises(IdempotencyConflict):
        redeem(reward="free_shipping")


def test_too_few_points_ask_shopify_nothing(parts, enrol, rewards, fake):
    poor = enrol(8, 99)

    with pytest.raises(NotEnoughPoints):
        redeem_reward(parts, poor, reward_id=rewards["amount_off"], key=KEY, surface="widget")

    assert fake.asked == []


def test_a_token_at_its_end_is_refreshed_before_anything_is_taken(parts, redeem, fake, balances):
    end_token(parts)

    assert redeem().state == "ready"

    assert fake.asked == ["token_refresh", "create_basic_code"]
    assert balances() == (900, 100)


def test_where_shopify_gives_no_token_nothing_is_taken(parts, redeem, fake, balances):
    end_token(parts)
    fake.fail("token_refresh", before=unavailable(maybe_done=True))

    with pytest.raises(ShopifyUnavailable):
        redeem()

    assert fake.asked == ["token_refresh"]
    assert balances() == (1_000, 0)


def test_a_shop_that_is_gone_takes_nothing(parts, redeem, fake, balances):
    change_shop(parts, uninstalled_at=wall_now())

    with pytest.raises(ShopClosed):
        redeem()

    assert fake.asked == []
    assert balances() == (1_000, 0)


def test_unknown_reward_is_unavailable(parts, buyer):
    with pytest.raises(RewardUnavailable):
        redeem_reward(parts, buyer, reward_id=999_999, key=KEY, surface="widget")


def test_nobody_redeems_faster_than_a_person(parts, enrol, rewards):
    rich = enrol(8, 2_000)

    def redeem(key):
        return redeem_reward(
            parts, rich, reward_id=rewards["amount_off"], key=key, surface="widget"
        )

    for number in range(10):
        redeem(f"key-{number}")

    with pytest.raises(TooManyRedemptions):
        redeem("key-10")
    assert redeem("key-3").state == "ready"


def test_who_has_too_few_points_is_told_that_however_often_they_ask(redeem, balances):
    for number in range(8):
        redeem(f"key-{number}")
    redeem("key-8", "percentage_off")
    assert balances() == (0, 1_000)

    for number in range(9, 12):
        with pytest.raises(NotEnoughPoints):
            redeem(f"key-{number}")


def test_refusal_gives_the_points_back_at_once(redeem, fake, balances):
    fake.fail("create_basic_code", before=refused("INVALID", "basicCodeDiscount.context"))

    redemption = redeem()

    assert (redemption.state, redemption.release_reason) == ("released", "refused")
    assert balances() == (1_000, 0)


@pytest.mark.parametrize(
    "error",
    [
        unavailable(maybe_done=False),
        unavailable(maybe_done=True),
        ShopifyThrottled(shop_domain="tea.myshopify.com", operation="test", wait_s=60),
    ],
)
def test_failure_before_it_takes_effect_stays_held_and_is_made_later(
    parts, redeem, fake, balances, later, recorded_jobs, error
):
    fake.fail("create_basic_code", before=error)

    redemption = redeem()

    assert redemption.state == "held"
    assert balances() == (900, 100)
    assert ("settle_held_redemptions", {"shop_id": redemption.shop_id}) in recorded_jobs.enqueued
    later(seconds=10)
    assert settle_held_redemptions(parts, redemption.shop_id) == 1
    assert redeem().state == "ready"
    assert list(fake.codes) == [code_of(parts, redemption)]


def test_failure_after_it_took_effect_is_found_out_and_the_same_code_handed_over(
    parts, redeem, fake, balances, later
):
    fake.fail("create_basic_code", after=unavailable(maybe_done=True))

    redemption = redeem()

    assert redemption.state == "held"
    later(seconds=10)
    settle_held_redemptions(parts, redemption.shop_id)
    ready = redeem()
    assert (ready.id, ready.state) == (redemption.id, "ready")
    assert ready.discount_gid == fake.codes[code_of(parts, ready)][0]
    assert len(fake.codes) == 1
    assert balances() == (900, 100)


def test_same_key_ends_what_was_left_held(redeem, fake):
    fake.fail("create_basic_code", after=unavailable(maybe_done=True))
    redeem()

    assert redeem().state == "ready"
    assert len(fake.codes) == 1


def test_refusal_found_out_later_gives_the_points_back(parts, redeem, fake, balances, later):
    fake.fail("create_basic_code", before=unavailable(maybe_done=True))
    redemption = redeem()
    fake.fail("create_basic_code", before=refused("INVALID"))
    later(seconds=10)

    settle_held_redemptions(parts, redemption.shop_id)

    assert redeem().state == "released"
    assert balances() == (1_000, 0)


def test_requests_under_way_are_left_alone(parts, redeem, fake):
    fake.fail("create_basic_code", before=unavailable(maybe_done=True))
    redemption = redeem()

    assert settle_held_redemptions(parts, redemption.shop_id) == 0


def test_shopify_away_for_an_hour_gives_the_points_back(parts, redeem, fake, balances, later):
    fake.fail("create_basic_code", before=unavailable(maybe_done=True))
    redemption = redeem()
    fake.fail("create_basic_code", before=unavailable(maybe_done=True))
    fake.fail("create_basic_code", before=unavailable(maybe_done=True))

    later(minutes=50)
    assert settle_held_redemptions(parts, redemption.shop_id) == 0
    later(minutes=70)
    assert settle_held_redemptions(parts, redemption.shop_id) == 1
    assert balances() == (1_000, 0)


def test_undo_deletes_the_code_and_gives_the_points_back(parts, buyer, redeem, fake, balances):
    redemption = redeem()

    undone = undo_redemption(parts, buyer, redemption.id, reason="undone")

    assert undone.state == "released"
    assert fake.codes == {}
    assert balances() == (1_000, 0)
    again = undo_redemption(parts, buyer, redemption.id, reason="undone")
    assert again.state == "released"
    assert balances() == (1_000, 0)


def test_used_code_cannot_be_undone(parts, buyer, redeem, fake, balances):
    redemption = redeem()
    fake.used_codes.add(code_of(parts, redemption))

    with pytest.raises(RedemptionNotOpen):
        undo_redemption(parts, buyer, redemption.id, reason="undone")

    assert balances() == (900, 100)


@pytest.mark.parametrize("operation", ["find_code", "delete_code"])
def test_undo_that_shopify_does_not_answer_ends_as_soon_as_it_does(
    parts, buyer, redeem, fake, balances, later, operation
):
    redemption = redeem()
    fake.fail(operation, before=unavailable(maybe_done=True))

    undone = undo_redemption(parts, buyer, redemption.id, reason="undone")

    assert undone.state == "releasing"
    assert balances() == (900, 100)
    later(seconds=10)
    assert settle_held_redemptions(parts, redemption.shop_id) == 1
    assert redeem().state == "released"
    assert fake.codes == {}
    assert balances() == (1_000, 0)


def test_nobody_undoes_anothers_redemption(parts, enrol, redeem):
    redemption = redeem()

    with pytest.raises(RedemptionNotFound):
        undo_redemption(parts, enrol(8, 0), redemption.id, reason="undone")


def test_code_made_after_its_redemption_was_undone_is_deleted(parts, buyer, redeem, fake, balances):
    fake.fail("create_basic_code", before=unavailable(maybe_done=True))
    redemption = redeem()
    make = fake._create_basic_code

    def undo_meanwhile(variables):
        undo_redemption(parts, buyer, redemption.id, reason="undone")
        return make(variables)

    fake._create_basic_code = undo_meanwhile

    assert redeem().state == "released"
    assert fake.codes == {}
    assert balances() == (1_000, 0)


def test_lapsed_code_gives_its_points_back(parts, buyer, redeem, fake, balances, later):
    redeem()
    later(days=29)
    assert lapse_redemptions(parts, buyer.program_id) == 0

    later(days=31)
    assert lapse_redemptions(parts, buyer.program_id) == 1

    assert lapse_redemptions(parts, buyer.program_id) == 0
    assert fake.codes == {}
    assert balances() == (1_000, 0)


def test_lapsed_code_that_was_used_waits_for_its_order(parts, buyer, redeem, fake, balances, later):
    redemption = redeem()
    fake.used_codes.add(code_of(parts, redemption))
    later(days=31)

    assert lapse_redemptions(parts, buyer.program_id) == 0
    assert balances() == (900, 100)
