"""Whatever fails at Shopify, in whatever place: points are neither lost nor free, no code is left.

Each story is lived through once without a fault, which tells its calls; then again with each of
them failing in each way, before it takes effect, or after, so that only the answer is lost.
"""

import itertools
import random
from datetime import timedelta

import pytest

from app import clock
from tests.app.with_devstore.redemption_stories import (
    KINDS,
    START_POINTS,
    STORIES,
    Shopping,
    Strike,
    impatient,
    live,
)

SEED = 20_261
SAMPLE = 3
PAIRS = 40


@pytest.fixture
def shopping(parts, running, opened, enrol, rewards, monkeypatch):
    """Return a function that brings a new member with 1,000 points, at the present time."""
    impatient_parts = impatient(parts, monkeypatch)

    def shopping(reward="amount_off"):
        clock.set_offset(timedelta())
        customer = running.store.customers.create(first_name="Mali")
        return Shopping(
            parts=impatient_parts,
            running=running,
            buyer=enrol(customer.id, START_POINTS),
            reward_id=rewards[reward],
        )

    yield shopping
    clock.set_offset(timedelta())


def strikes_of(calls):
    """Return every way in which every one of the calls can fail."""
    return [Strike(place, kind) for place in range(len(calls)) for kind in KINDS]


def live_and_prove(shopping, story, *strikes):
    member = shopping()
    try:
        live(member, story, *strikes)
    except AssertionError as wrong:
        raise AssertionError(f"{story} with {strikes}") from wrong
    return member


@pytest.mark.parametrize("story", STORIES)
def test_story_ends_well_without_a_fault(shopping, story):
    member = live_and_prove(shopping, story)

    member.check_ledger()


@pytest.mark.parametrize("story", STORIES)
def test_some_faults_lose_no_points_and_leave_nothing_at_shopify(shopping, story):
    calls = live(shopping(), story)

    picked = random.Random(f"{SEED}{story}").sample(strikes_of(calls), SAMPLE)
    for strike in picked:
        member = live_and_prove(shopping, story, strike)

    member.check_ledger()


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("story", STORIES)
def test_every_fault_in_every_place_loses_no_points(shopping, story, kind):
    calls = live(shopping(), story)

    for strike in strikes_of(calls):
        if strike.kind == kind:
            member = live_and_prove(shopping, story, strike)

    member.check_ledger()


@pytest.mark.soak
@pytest.mark.parametrize("story", STORIES)
def test_two_faults_one_after_the_other_lose_no_points(shopping, story):
    calls = live(shopping(), story)
    pairs = list(itertools.combinations(strikes_of([*calls, "one more"]), 2))

    for pair in random.Random(f"{SEED}{story}").sample(pairs, PAIRS):
        member = live_and_prove(shopping, story, *pair)

    member.check_ledger()
