"""Levels, windows and drafts of tiers."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.program_defaults import TierDraft, default_tiers
from app.domain.tier_drafts import InvalidTiers, check_tiers, ranked
from app.domain.tier_review import DayAmount, HeldTier, falls_on, measured
from app.domain.tier_standing import tier_standing
from app.domain.tier_terms import TierTerms, first_day, leaves_on
from app.domain.tiers import TierLevel, holds, level_for, shown_levels

BRONZE, SILVER, GOLD = LEVELS = tuple(
    TierLevel(id=id_, rank=id_, name=name, threshold=threshold, multiplier_bp=10_000)
    for id_, name, threshold in ((1, "Bronze", 0), (2, "Silver", 30_000), (3, "Gold", 100_000))
)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
INVITED = TierDraft(name="Circle", threshold=None, entry="invitation", multiplier_bp=10_000)


def standing(*days: DayAmount, held: HeldTier | None = None, levels=LEVELS, **terms):
    return tier_standing(
        levels,
        TierTerms(**terms),
        held or HeldTier(),
        days,
        now=NOW,
        iana_timezone="Asia/Bangkok",
    )


@pytest.mark.parametrize(
    ("measure", "level"), [(0, BRONZE), (29_999, BRONZE), (30_000, SILVER), (10**9, GOLD)]
)
def test_a_tier_is_reached_at_its_threshold(measure, level):
    assert level_for(LEVELS, measure) is level


def test_tiers_that_are_not_entered_by_a_measure_are_not_reached_by_one():
    circle = TierLevel(
        id=4, rank=4, name="Circle", entry="invitation", threshold=None, multiplier_bp=10_000
    )

    assert level_for((*LEVELS, circle), 10**9) is GOLD


def test_what_is_kept_for_a_tier_is_for_those_above_it_too():
    assert [holds(LEVELS, tier.id, SILVER.id) for tier in LEVELS] == [False, True, True]
    assert not holds(LEVELS, None, BRONZE.id)
    assert not holds(LEVELS, GOLD.id, 99)


def test_a_hidden_tier_is_shown_to_its_members_only():
    levels = (BRONZE, replace(SILVER, hidden=True), GOLD)

    assert [tier.name for tier in shown_levels(levels, 1)] == ["Bronze", "Gold"]
    assert [tier.name for tier in shown_levels(levels, 2)] == ["Bronze", "Silver", "Gold"]


def test_progress_says_what_is_missing():
    told = standing(DayAmount(date(2026, 6, 1), 68_000), held=HeldTier(tier_id=2))

    assert (told.current, told.next) == (SILVER, GOLD)
    assert (told.missing, told.percent) == (32_000, 68)


def test_a_tier_kept_by_grace_shows_the_way_above_it():
    until = datetime(2026, 7, 10, 17, tzinfo=UTC)
    told = standing(DayAmount(date(2026, 6, 1), 10_000), held=HeldTier(tier_id=2, tier_until=until))

    assert (told.current, told.next, told.missing) == (SILVER, GOLD, 90_000)
    assert (told.kept_until, told.keep_missing) == (date(2026, 7, 10), 20_000)


def test_at_the_top_nothing_is_missing():
    told = standing(DayAmount(date(2026, 6, 1), 10**7), held=HeldTier(tier_id=3))

    assert (told.next, told.missing, told.percent) == (None, 0, 100)


def test_the_lowest_tier_is_kept_for_good():
    assert standing(held=HeldTier(tier_id=1)).kept_until is None


def test_a_tier_that_a_tag_opens_is_kept_while_the_tag_is_there():
    told = standing(
        DayAmount(date(2026, 6, 1), 30_000), held=HeldTier(tier_id=2, granted_tier_id=2)
    )

    assert told.kept_until is None


def test_the_window_is_twelve_calendar_months():
    assert first_day("rolling", date(2026, 7, 1)) == date(2025, 7, 2)
    assert first_day("calendar", date(2026, 7, 1)) == date(2026, 1, 1)
    assert leaves_on("rolling", date(2025, 7, 2)) == date(2026, 7, 2)
    assert leaves_on("lifetime", date(2025, 7, 2)) is None


@pytest.mark.parametrize("today", [date(2029, 2, 27), date(2029, 2, 28), date(2029, 3, 1)])
def test_a_day_counts_until_the_day_on_which_it_leaves(today):
    for day in (date(2028, 2, 27), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)):
        leaves = leaves_on("rolling", day)
        assert leaves is not None
        assert (day >= first_day("rolling", today)) == (today < leaves)


def test_the_measure_falls_when_the_day_that_it_needs_leaves():
    days = [DayAmount(date(2026, 1, 5), 20), DayAmount(date(2026, 3, 5), 15)]

    assert falls_on(TierTerms(), days, 15) == date(2027, 3, 5)
    assert falls_on(TierTerms(), days, 16) == date(2027, 1, 5)
    assert falls_on(TierTerms(), days, 36) is None
    assert measured(TierTerms(), days, date(2027, 1, 4)) == 35
    assert measured(TierTerms(), days, date(2027, 1, 5)) == 15


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


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        (replace(INVITED, threshold=5), ("threshold", "invalid")),
        (replace(INVITED, entry="threshold"), ("threshold", "required")),
        (replace(INVITED, entry="tag"), ("entry_value", "required")),
        (replace(INVITED, entry="tag", entry_value="a,b"), ("entry_value", "invalid")),
        (replace(INVITED, entry="company", entry_value="x"), ("entry_value", "invalid")),
        (replace(INVITED, entry_points=-1), ("entry_points", "out_of_range")),
        (replace(INVITED, customer_tag="a,b"), ("customer_tag", "invalid")),
    ],
)
def test_tiers_of_other_kinds_are_checked(draft, fault):
    with pytest.raises(InvalidTiers) as caught:
        check_tiers([*default_tiers("USD"), draft])

    assert caught.value.errors == ((3, *fault),)


def test_days_of_grace_are_checked():
    with pytest.raises(InvalidTiers) as caught:
        check_tiers(default_tiers("USD"), TierTerms(grace_days=367))

    assert caught.value.errors == ((0, "grace_days", "out_of_range"),)


def test_a_tier_by_invitation_stays_where_it_was_put():
    bronze, silver, gold = default_tiers("USD")

    assert ranked([gold, INVITED, bronze, silver]) == [bronze, INVITED, silver, gold]


def test_default_tiers_can_be_saved_as_they_are():
    check_tiers(default_tiers("THB"))
