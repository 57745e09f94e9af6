"""Stock, limits, tiers and dates hold under the member's lock, however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.db.models import Reward, Tier
from app.db.queries.rewards import get_reward
from app.domain.errors import IdempotencyConflict, RewardUnavailable
from app.domain.reward import InvalidReward
from app.domain.reward_offer import RewardOffer
from app.services.release_redemption import release_redemption
from tests.fixtures.stores import LEDGER_KEY, START


@pytest.fixture
def store(instant_store):
    """A store with ten members of 1,000 points each."""
    instant_store.take_in(
        *(instant_store.order(100_000, customer=number) for number in range(1, 11))
    )
    return instant_store


def offer(store, type_="amount_off", config=None, **offer):
    return store.offer(type_, config or {"amount_minor": 500}, **offer)


def release(store, redemption, reason="undone"):
    with store.session() as session:
        release_redemption(
            session,
            redemption_id=redemption.id,
            reason=reason,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def stock(store, reward_id):
    with store.session() as session:
        return session.get_one(Reward, reward_id).stock


def refusal(store, reward_id, **more):
    with pytest.raises(RewardUnavailable) as refused:
        store.take(reward_id, **more)
    return [each.code for each in refused.value.obstacles]


def test_what_is_left_is_sold_no_more_than_once(store):
    reward_id = offer(store, stock=3)

    def ask(customer):
        try:
            return store.take(reward_id, customer).id
        except RewardUnavailable:
            return None

    with ThreadPoolExecutor(4) as pool:
        sold = [found for found in pool.map(ask, range(1, 11)) if found]

    assert len(sold) == 3
    assert stock(store, reward_id) == 0


def test_a_release_gives_one_back_once(store):
    reward_id = offer(store, stock=1)
    taken = store.take(reward_id)
    assert stock(store, reward_id) == 0

    release(store, taken)
    release(store, taken)

    assert stock(store, reward_id) == 1


def test_a_redemption_that_took_none_gives_none_back(store):
    reward_id = offer(store)
    taken = store.take(reward_id)
    with store.session() as session:
        session.get_one(Reward, reward_id).stock = 5

    release(store, taken)

    assert stock(store, reward_id) == 5


def test_a_refused_ask_takes_no_stock(store):
    reward_id = offer(store, stock=2, ends_at=START + timedelta(seconds=1))
    store.later(days=1)

    assert refusal(store, reward_id) == ["ended"]
    assert stock(store, reward_id) == 2


def test_one_member_asks_at_once_from_everywhere_and_stays_within_the_limit(store):
    reward_id = offer(store, member_limit=2)

    def ask(number):
        try:
            return store.take(reward_id, key=f"key-{number}").id
        except RewardUnavailable:
            return None

    with ThreadPoolExecutor(4) as pool:
        got = [found for found in pool.map(ask, range(8)) if found]

    assert len(got) == 2
    assert store.balances() == (0, 800, 200)


def test_what_was_given_back_does_not_count(store):
    reward_id = offer(store, member_limit=1)
    release(store, store.take(reward_id, key="first"))

    assert store.take(reward_id, key="second").state == "held"


def test_a_limit_within_days_ends(store):
    reward_id = offer(store, member_limit=1, member_limit_days=7)
    store.take(reward_id, key="first")

    assert refusal(store, reward_id, key="second") == ["limit_reached"]
    store.later(days=7)
    assert store.take(reward_id, key="third").state == "held"


def test_a_reward_for_a_tier_is_for_its_members(store):
    with store.session() as session:
        names = {tier.name: tier.id for tier in session.query(Tier)}
    reward_id = offer(store, tier_ids=(names["Gold"],))
    store.take_in(store.order(20_000, customer=11))

    assert refusal(store, reward_id, customer=11) == ["tier"]
    assert store.take(reward_id, customer=2).state == "held"


def test_a_tag_has_to_be_known(store):
    reward_id = offer(store, customer_tags=("VIP",))

    assert refusal(store, reward_id) == ["not_for_you"]
    assert store.take(reward_id, customer_tags=frozenset({"vip"})).state == "held"


def test_a_cart_that_is_too_small_is_told_before_points_move(store):
    config = {"amount_minor": 500, "minimum_subtotal_minor": 3_000}
    reward_id = offer(store, config=config)

    assert refusal(store, reward_id, subtotal_minor=1_000) == ["subtotal"]
    assert store.balances() == (0, 1_000, 0)
    assert store.take(reward_id, subtotal_minor=3_000).state == "held"


def test_a_slider_costs_what_was_picked_and_keeps_it(store):
    reward_id = offer(store, "slider", {"amount_minor": 100})

    taken = store.take(reward_id, choice={"points": 300})

    assert (taken.points, taken.choice) == (300, {"points": 300, "steps": 3})
    assert store.balances() == (0, 700, 300)
    again = store.take(reward_id, choice={"points": 300})
    assert again.id == taken.id
    with pytest.raises(IdempotencyConflict):
        store.take(reward_id, choice={"points": 400})


def test_an_offer_is_kept_as_it_was_saved(store):
    wanted = RewardOffer(
        words={"en": {"name": "Five off"}, "th": {"name": "ลดห้า"}},
        image_url="https://cdn.shopify.com/five.png",
        member_limit=3,
        member_limit_days=30,
        stock=10,
        customer_tags=("VIP",),
        starts_at=START,
        ends_at=START + timedelta(days=90),
        code_prefix="FIVE",
        code_days=14,
        combines_with=(),
        collection_ids=(1, 2),
    )
    reward_id = offer(store, **{name: getattr(wanted, name) for name in wanted.__slots__})

    with store.session() as session:
        assert get_reward(session, store.program_id, reward_id).offer == wanted


def test_a_wrong_offer_is_not_saved(store):
    with pytest.raises(InvalidReward) as caught:
        offer(store, stock=-1, code_prefix="")

    assert caught.value.field_errors == {"stock": "negative", "code_prefix": "not_a_prefix"}
