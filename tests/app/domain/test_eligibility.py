"""Who may have a reward, and what is said to who may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.eligibility import Claimant, Obstacle, obstacles
from app.domain.reward_offer import (
    MOST_DAYS,
    MOST_IDS,
    MOST_TIMES,
    RewardOffer,
    offer_faults,
)

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def found(offer=None, *, points=100, offered=True, minimum=0, **claimant):
    values = {"available": 100, "tier_id": None, "customer_tags": None}
    return obstacles(
        offer or RewardOffer(),
        Claimant(**(values | claimant)),
        points=points,
        offered=offered,
        minimum_subtotal_minor=minimum,
        now=NOW,
    )


def codes(*args, **kwargs):
    return [each.code for each in found(*args, **kwargs)]


def test_nothing_stands_in_the_way_of_a_plain_reward():
    assert codes() == []


def test_what_is_missing_is_said():
    (points,) = found(available=30)
    (owing,) = found(available=-30)
    (subtotal,) = found(minimum=30_000, subtotal_minor=10_000)

    assert (points.points_missing, points.points_owed) == (70, 0)
    assert (owing.points_missing, owing.points_owed) == (100, 30)
    assert subtotal == Obstacle(code="subtotal", missing_minor=20_000)


def test_a_cart_that_nobody_told_of_lacks_nothing():
    assert codes(minimum=30_000) == []


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        (RewardOffer(starts_at=NOW + DAY), "not_yet"),
        (RewardOffer(ends_at=NOW), "ended"),
        (RewardOffer(stock=0), "sold_out"),
        (RewardOffer(tier_ids=(2, 3)), "tier"),
        (RewardOffer(customer_tags=("VIP",)), "not_for_you"),
    ],
)
def test_every_condition_stands_in_the_way_by_itself(offer, code):
    assert codes(offer, tier_id=1) == [code]


@pytest.mark.parametrize(
    "offer",
    [
        RewardOffer(starts_at=NOW),
        RewardOffer(ends_at=NOW + DAY),
        RewardOffer(stock=1),
        RewardOffer(tier_ids=(1, 3)),
        RewardOffer(customer_tags=("VIP", "staff")),
    ],
)
def test_every_condition_can_be_met(offer):
    assert codes(offer, tier_id=1, customer_tags=frozenset({"vip"})) == []


def test_a_reward_that_is_not_offered_says_so_first():
    assert codes(RewardOffer(stock=0), offered=False, available=0)[0] == "not_offered"
    assert codes(is_open=False) == ["not_offered"]


def test_a_limit_counts_what_was_taken_within_its_days():
    offer = RewardOffer(member_limit=2, member_limit_days=7)

    assert codes(offer, taken_at=[NOW - 8 * DAY, NOW - DAY]) == []
    (reached,) = found(offer, taken_at=[NOW - 2 * DAY, NOW - DAY])
    assert (reached.code, reached.at) == ("limit_reached", NOW + 5 * DAY)


def test_a_limit_without_days_counts_everything():
    offer = RewardOffer(member_limit=1)

    (reached,) = found(offer, taken_at=[NOW - 900 * DAY])
    assert (reached.code, reached.at) == ("limit_reached", None)


@given(
    limit=st.integers(1, 5),
    days=st.integers(1, 30),
    hours_ago=st.lists(st.integers(0, 24 * 60), max_size=12),
)
def test_when_a_limit_allows_it_again_it_does(limit, days, hours_ago):
    offer = RewardOffer(member_limit=limit, member_limit_days=days)
    taken_at = [NOW - timedelta(hours=hours) for hours in hours_ago]

    reached = found(offer, taken_at=taken_at)

    if not reached:
        window = timedelta(days=days)
        assert sum(at > NOW - window for at in taken_at) < limit
        return
    again = reached[0].at
    assert again > NOW
    claimant = Claimant(available=100, tier_id=None, customer_tags=None, taken_at=taken_at)
    for moment, allowed in ((again, True), (again - timedelta(seconds=1), False)):
        still = obstacles(
            offer, claimant, points=1, offered=True, minimum_subtotal_minor=0, now=moment
        )
        assert (still == ()) is allowed


@pytest.mark.parametrize(
    ("offer", "faults"),
    [
        (RewardOffer(), {}),
        (RewardOffer(member_limit=0), {"member_limit": "not_positive"}),
        (RewardOffer(member_limit_days=7), {"member_limit": "required"}),
        (RewardOffer(stock=-1), {"stock": "negative"}),
        (RewardOffer(starts_at=NOW, ends_at=NOW), {"ends_at": "before_start"}),
        (RewardOffer(code_prefix="no way"), {"code_prefix": "not_a_prefix"}),
        (RewardOffer(code_days=9_999), {"code_days": "too_large"}),
        (RewardOffer(image_url="http://plain"), {"image_url": "not_an_address"}),
        (RewardOffer(combines_with=("pony",)), {"combines_with": "unknown"}),
        (
            RewardOffer(product_ids=(1,), collection_ids=(2,)),
            {"collection_ids": "products_or_collections"},
        ),
        (RewardOffer(product_ids=tuple(range(101))), {"product_ids": "too_many"}),
    ],
)
def test_offers_are_checked_field_by_field(offer, faults):
    assert offer_faults(offer) == faults


def test_an_offer_may_be_as_large_as_its_limits_are():
    ids = tuple(range(1, MOST_IDS + 1))
    offer = RewardOffer(
        member_limit=MOST_TIMES,
        member_limit_days=MOST_DAYS,
        code_days=MOST_DAYS,
        stock=MOST_TIMES,
        product_ids=ids,
    )

    assert offer_faults(offer) == {}
    assert offer_faults(replace(offer, member_limit=1, member_limit_days=1, stock=0)) == {}
    assert offer_faults(replace(offer, product_ids=(*ids, 1))) == {"product_ids": "too_many"}
