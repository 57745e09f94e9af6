"""Cashback is 3 % back within 90 days, in every currency."""

import pytest

from app.domain.cashback import cashback_reward, cashback_rules
from app.domain.program_defaults import round_unit_minor
from app.domain.program_rules import ProgramRules
from app.domain.reward import reward_type


@pytest.mark.parametrize("currency", ["USD", "THB", "JPY", "KWD", "VND", "XYZ"])
def test_three_percent_of_a_spend_can_be_spent(currency):
    spend_minor = 200 * round_unit_minor(currency)
    rules = cashback_rules(ProgramRules(include_tax=True), currency)
    reward = cashback_reward(currency)
    slider = reward_type("slider")

    points = spend_minor * rules.points_per_unit // rules.unit_minor
    purchase = slider.purchase(reward.config, reward.points, {"points": points})

    back_minor = slider.worth(reward.config, purchase.choice).amount_minor
    assert back_minor * 100 == spend_minor * 3
    assert (rules.expiry_months, rules.expiry_days, rules.include_tax) == (None, 90, True)
