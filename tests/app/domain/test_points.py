"""Points are rounded once, and their split sums to them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.points import apportion, points_for
from app.domain.program_rules import ProgramRules

weights = st.lists(st.integers(0, 10**9), max_size=12)


def test_points_are_rounded_down_once_after_multiplying():
    rules = ProgramRules(unit_minor=100)

    assert points_for(1_999, rules) == 19
    assert points_for(1_999, rules, multiplier_bp=12_500) == 24


def test_half_up_rounds_the_half_up():
    rules = ProgramRules(unit_minor=100, rounding="half_up")

    assert points_for(149, rules) == 1
    assert points_for(150, rules) == 2


@given(total=st.integers(0, 10**9), weights=weights)
def test_apportioned_parts_sum_to_the_total_and_are_within_one_of_their_share(total, weights):
    parts = apportion(total, weights)

    whole = sum(weights)
    assert sum(parts) == (total if whole else 0)
    for part, weight in zip(parts, weights, strict=True):
        if whole:
            assert abs(part - Fraction(total * weight, whole)) < 1


@given(total=st.integers(0, 500), weights=st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_each_unit_left_over_goes_to_the_largest_remainder_that_has_none(total, weights):
    whole = sum(weights) or 1
    exact = [Fraction(total * weight, whole) for weight in weights]
    expected = [int(share) for share in exact]
    for _ in range(total - sum(expected) if sum(weights) else 0):
        lacks = [share - part for share, part in zip(exact, expected, strict=True)]
        expected[lacks.index(max(lacks))] += 1

    assert apportion(total, weights) == expected


def test_what_is_left_goes_to_the_largest_remainders():
    assert apportion(5, [1]) == [5]
    assert apportion(5, [1, 1]) == [3, 2]
    assert apportion(5, [0, 1]) == [0, 5]
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(10, [60, 25, 15]) == [6, 3, 1]
