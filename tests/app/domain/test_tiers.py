"""Tiers by spend, and the way to the next."""

from datetime import UTC, datetime

import pytest

from app.domain.program_defaults import TierDraft, default_tiers
from app.domain.tier_drafts import InvalidTiers, check_tiers
from app.domain.tiers import TierLevel, level_for, progress, window_start

BRONZE, SILVER, GOLD = LEVELS = tuple(
    TierLevel(id=id_, rank=id_, name=name, threshold=threshold, multiplier_bp=10_000)
    for id_, name, threshold in ((1, "Bronze", 0), (2, "Silver", 30_000), (3, "Gold", 100_000))
)


@pytest.mark.parametrize(
    ("measure", "level"), [(0, BRONZE), (29_999, BRONZE), (30_000, SILVER), (10**9, GOLD)]
)
def test_a_tier_is_reached_at_its_threshold(measure, level):
    assert level_for(LEVELS, measure) is level


def test_progress_says_what_is_missing():
    way = progress(LEVELS, 68_000)

    assert (way.current, way.next) == (SILVER, GOLD)
    assert (way.remaining_minor, way.percent) == (32_000, 68)


def test_a_tier_kept_by_grace_shows_the_way_above_it():
    way = progress(LEVELS, 10_000, current_id=2)

    assert (way.current, way.next, way.remaining_minor) == (SILVER, GOLD, 90_000)


def test_at_the_top_nothing_is_missing():
    assert progress(LEVELS, 10**7).next is None
    assert progress(LEVELS, 10**7).percent == 100


def test_the_window_is_twelve_calendar_months():
    assert window_start(datetime(2028, 2, 29, 12, tzinfo=UTC)) == datetime(
        2027, 2, 28, 12, tzinfo=UTC
    )


def test_tiers_are_told_every_fault_at_once():
    tiers = [
        TierDraft(name=" ", threshold=5, multiplier_bp=9_999),
        TierDraft(name="Gold", threshold=5, multiplier_bp=10_000),
    ]

    with pytest.raises(InvalidTiers) as caught:
        check_tiers(tiers)

    assert set(caught.value.errors) == {
        (0, "name", "required"),
        (0, "multiplier_bp", "out_of_range"),
        (1, "threshold", "taken"),
        (0, "threshold", "first_not_zero"),
    }


def test_default_tiers_can_be_saved_as_they_are():
    check_tiers(default_tiers("THB"))
