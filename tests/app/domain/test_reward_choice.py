"""What shoppers pick of a reward, and what that costs and gives."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reward import InvalidReward, discount_of, reward_type, reward_types
from app.domain.reward_choice import InvalidChoice
from app.domain.ways import WAYS

SLIDER = reward_type("slider")
FREE_PRODUCT = reward_type("free_product")
CONFIGS: dict[str, dict[str, Any]] = {
    "amount_off": {"amount_minor": 500},
    "by_staff": {"what": "A tea class"},
    "donation": {"cause": "the elephants"},
    "free_product": {"variant_ids": [7, 8]},
    "free_shipping": {},
    "gift_card": {"amount_minor": 500},
    "percentage_off": {"percentage_bp": 1_000},
    "slider": {"amount_minor": 100},
    "store_credit": {"amount_minor": 500, "life_days": 90},
}


@given(
    step=st.integers(1, 500),
    amount_minor=st.integers(1, 10_000),
    least=st.integers(0, 2_000),
    room=st.integers(0, 5_000),
    points=st.integers(-10, 10_000),
)
def test_a_slider_gives_its_amount_for_each_step_within_its_bounds(
    step, amount_minor, least, room, points
):
    config = {
        "amount_minor": amount_minor,
        "least_points": least,
        "most_points": least + room,
    }
    pick = SLIDER.pick(config, step)

    try:
        purchase = SLIDER.purchase(config, step, {"points": points})
    except InvalidChoice:
        outside = points < max(least, step) or (least + room and points > least + room)
        assert points % step or outside
        return

    assert purchase.points == points
    assert pick.least <= points
    assert points % step == 0
    off = discount_of("slider", config, purchase.choice)
    assert off.amount_minor * step == amount_minor * points
    assert SLIDER.worth(config, purchase.choice).amount_minor == off.amount_minor


@given(step=st.integers(1, 1_000), least=st.integers(0, 5_000))
def test_the_least_that_a_slider_sells_can_be_bought(step, least):
    config = {"amount_minor": 1, "least_points": least}
    pick = SLIDER.pick(config, step)

    assert SLIDER.purchase(config, step, {"points": pick.least}).points == pick.least
    assert pick.least - step < max(least, step)


def test_a_slider_does_not_end_before_it_starts():
    with pytest.raises(InvalidReward) as caught:
        SLIDER.parse({"amount_minor": 1, "least_points": 200, "most_points": 100})

    assert caught.value.field_errors == {"most_points": "below_least"}


def test_one_of_the_set_is_picked():
    config = CONFIGS["free_product"]

    purchase = FREE_PRODUCT.purchase(config, 100, {"variant_id": 8})

    assert (purchase.points, purchase.choice) == (100, {"variant_id": 8})
    assert discount_of("free_product", config, purchase.choice).variant_id == 8


def test_of_a_set_of_one_nothing_has_to_be_picked():
    purchase = FREE_PRODUCT.purchase({"variant_ids": [7]}, 100, {})

    assert purchase.choice == {"variant_id": 7}


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({}, "nothing_picked"),
        ({"variant_id": 9}, "not_in_the_set"),
        ({"variant_id": "8"}, "nothing_picked"),
        ({"variant_id": True}, "nothing_picked"),
        ({"points": 8}, "nothing_picked"),
    ],
)
def test_nothing_else_can_be_picked(choice, code):
    with pytest.raises(InvalidChoice) as caught:
        FREE_PRODUCT.purchase(CONFIGS["free_product"], 100, choice)

    assert caught.value.code == code


@pytest.mark.parametrize("name", sorted(set(CONFIGS) - {"slider", "free_product"}))
def test_of_other_rewards_nothing_is_picked(name):
    found = reward_type(name)

    assert found.pick(CONFIGS[name], 100) is None
    assert found.purchase(CONFIGS[name], 100, {}).points == 100
    with pytest.raises(InvalidChoice):
        found.purchase(CONFIGS[name], 100, {"points": 100})


@pytest.mark.parametrize("name", sorted(reward_types()))
def test_every_type_has_a_way_and_reads_its_own_settings(name):
    found = reward_type(name)

    assert found.way in WAYS
    assert {field.name for field in found.fields} >= set(CONFIGS[name])
    assert found.worth(CONFIGS[name], {}) is not None
    assert (found.way == "discount_code") == hasattr(found, "discount")


@pytest.mark.parametrize(
    ("name", "config", "errors"),
    [
        ("by_staff", {"what": "  "}, {"what": "required"}),
        ("by_staff", {"what": 7}, {"what": "not_text"}),
        ("donation", {"cause": "x" * 201}, {"cause": "too_large"}),
        ("free_product", {"variant_ids": []}, {"variant_ids": "required"}),
        ("free_product", {"variant_ids": [0]}, {"variant_ids": "not_positive"}),
        ("free_product", {"variant_ids": ["7"]}, {"variant_ids": "not_a_number"}),
        ("free_product", {"variant_ids": list(range(1, 60))}, {"variant_ids": "too_many"}),
        ("store_credit", {"amount_minor": 1}, {"life_days": "required"}),
        ("gift_card", {"amount_minor": 1, "life_days": 4_000}, {"life_days": "too_large"}),
    ],
)
def test_wrong_settings_are_named(name, config, errors):
    with pytest.raises(InvalidReward) as caught:
        reward_type(name).parse(config)

    assert caught.value.field_errors == errors


def test_what_is_not_a_code_asks_for_no_discount():
    with pytest.raises(InvalidReward):
        discount_of("donation", CONFIGS["donation"], {})
