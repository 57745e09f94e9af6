"""Points come back in proportion to what was sent back."""

from datetime import UTC, datetime

import pytest

from app.domain.order_snapshot import Refund
from app.domain.returns import points_to_return
from tests.app.domain.test_award import line, order

AT = datetime(2026, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(("kept", "returned"), [(3, 0), (2, 33), (1, 66), (0, 100)])
def test_proportional_returns_are_cumulative_and_rounded_down(kept, returned):
    snapshot = order(line(quantity=3, gross=9_000, current_quantity=kept))

    assert points_to_return(100, snapshot, "proportional") == returned


def test_what_was_charged_for_the_lines_counts_not_their_prices():
    sent_back = line(1, gross=9_000, discount_minor=6_000, current_quantity=0)
    snapshot = order(sent_back, line(2, gross=9_000))

    assert points_to_return(100, snapshot, "proportional") == 25


def test_an_amount_refunded_counts_too():
    refund = Refund(refund_id=1, created_at=AT, amount_minor=2_500)

    assert points_to_return(100, order(line(gross=10_000), refunds=(refund,)), "proportional") == 25


def test_a_cancelled_or_deleted_order_returns_all():
    assert points_to_return(100, order(line(gross=1), cancelled_at=AT), "full_only") == 100
    assert points_to_return(100, order(line(gross=1)), "proportional", deleted=True) == 100


def test_an_order_paid_by_the_reward_alone_goes_by_its_prices():
    snapshot = order(line(quantity=2, gross=5_000, discount_minor=5_000, current_quantity=1))

    assert points_to_return(100, snapshot, "proportional") == 50


def test_where_only_full_refunds_return_points_a_part_returns_none():
    part = order(line(quantity=2, gross=5_000, current_quantity=1))

    assert points_to_return(100, part, "full_only") == 0
    assert points_to_return(100, order(line(gross=5, current_quantity=0)), "full_only") == 100
    assert points_to_return(100, order(line(gross=5, current_quantity=0)), "never") == 0
