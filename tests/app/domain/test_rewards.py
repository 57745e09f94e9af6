"""Reward types are found, checked and turned into discounts."""

import pytest

from app.domain.program_defaults import default_rewards, default_rules, round_unit_minor
from app.domain.reward import InvalidReward, discount_of, reward_type, reward_types


def test_reward_types_are_found_by_their_files():
    assert set(reward_types()) == {
        "amount_off",
        "by_staff",
        "donation",
        "free_product",
        "free_shipping",
        "gift_card",
        "percentage_off",
        "slider",
        "store_credit",
    }


def test_an_amount_off_asks_for_that_amount():
    request = discount_of("amount_off", {"amount_minor": 500, "minimum_subtotal_minor": 2_000}, {})

    assert (request.kind, request.amount_minor) == ("amount", 500)
    assert request.minimum_subtotal_minor == 2_000


def test_every_wrong_field_is_named():
    with pytest.raises(InvalidReward) as caught:
        reward_type("percentage_off").parse(
            {"percentage_bp": 10_001, "minimum_subtotal_minor": -1, "colour": 1}
        )

    assert caught.value.field_errors == {
        "percentage_bp": "too_large",
        "minimum_subtotal_minor": "negative",
        "colour": "unknown",
    }


@pytest.mark.parametrize(
    ("value", "code"), [(None, "required"), (0, "not_positive"), ("5", "not_a_number")]
)
def test_an_amount_is_required_and_positive(value, code):
    with pytest.raises(InvalidReward) as caught:
        reward_type("amount_off").parse({"amount_minor": value})

    assert caught.value.field_errors == {"amount_minor": code}


def test_an_unknown_type_is_refused():
    with pytest.raises(InvalidReward):
        reward_type("pony")


@pytest.mark.parametrize(
    ("currency", "unit"),
    [("USD", 100), ("EUR", 100), ("JPY", 100), ("THB", 2_500), ("KWD", 1_000), ("XYZ", 100)],
)
def test_a_new_programme_thinks_in_round_units(currency, unit):
    assert round_unit_minor(currency) == unit
    assert default_rules(currency).unit_minor == unit


def test_default_rewards_are_valid():
    for draft in default_rewards("THB"):
        reward_type(draft.type).parse(draft.config)
