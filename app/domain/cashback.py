"""A cashback programme: a share of what was spent comes back, to be spent before long."""

from dataclasses import replace

from app.domain.program_defaults import RewardDraft, round_unit_minor
from app.domain.program_rules import ProgramRules

POINTS_PER_HUNDRED = 100
"""A point is a hundredth of the currency's round unit, so a point for each of them is 1 %."""
PERCENT = 3
DAYS = 90


def cashback_rules(present: ProgramRules, currency: str) -> ProgramRules:
    """Return `present` with 3 % back that ends 90 days after it can be used."""
    return replace(
        present,
        points_per_unit=PERCENT,
        unit_minor=round_unit_minor(currency),
        expiry_mode="lot",
        expiry_months=None,
        expiry_days=DAYS,
    )


def cashback_reward(currency: str) -> RewardDraft:
    """Return what it is spent on: any amount off, from one unit up to the whole of an order."""
    point_minor = round_unit_minor(currency) // POINTS_PER_HUNDRED
    config = {"amount_minor": point_minor, "least_points": POINTS_PER_HUNDRED}
    return RewardDraft(type="slider", points=1, config=config)
