"""Points are worth what they buy at the best rate."""

import pytest

from app.domain.point_value import PointValue, point_value


def test_the_best_rate_of_an_amount_off_counts():
    offers = [
        ("amount_off", 100, {"amount_minor": 500}),
        ("amount_off", 400, {"amount_minor": 3_000}),
        ("percentage_off", 10, {"percentage_bp": 9_000}),
        ("free_shipping", 1, {}),
    ]

    assert point_value(offers) == PointValue(400, 3_000)


def test_without_an_amount_off_nobody_can_say():
    assert point_value([("free_shipping", 150, {})]) is None


@pytest.mark.parametrize(("points", "worth_minor"), [(100, 500), (33, 165), (1, 5), (-33, -165)])
def test_the_worth_goes_by_the_rate(points, worth_minor):
    assert PointValue(100, 500).of(points) == worth_minor


def test_parts_of_a_minor_unit_are_dropped_on_either_side_of_zero():
    assert (PointValue(3, 10).of(1), PointValue(3, 10).of(-1)) == (3, -3)
