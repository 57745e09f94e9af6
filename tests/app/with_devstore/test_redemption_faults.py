"""Whatever fails at Shopify, in whatever place: points are neither lost nor free, no code is left.

Each story is lived through once without a fault, which tells its calls; then again with each of
them failing in each way, before it takes effect, or after, so that only the answer is lost.
"""

import itertools
import random
from datetime import timedelta

import pytest

from app import clock
from app.services.save_reward import save_reward
from tests.app.with_devstore.redemption_stories import (
    KINDS,
    REWARDS,
    START_POINTS,
    STORIES,
    Shopping,
    Strike,
    impatient,
    live,
)

SEED = 20_261
PAIRS = 15


@pytest.fixture
def shopping(parts, running, opened, enrol, tenant, buyer, monkeypatch):
    """Return a function that brings a new member who wants a reward of a type, at the present."""
    impatient_parts = impatient(parts, monkeypatch)
    running.store.installation.grant_optional(True)
    with parts.database.tenant(tenant) as session:
        reward_ids = {
            type_: save_reward(
                session,
                program_id=tenant.program_id,
                reward_id=None,
                type=type_,
                points=100,
                config=config,
                active=True,
                now=clock.utc_now(),
            )
            for type_, config in REWARDS.items()
        }

    def shopping(reward):
        clock.set_offset(timedelta())
        customer = running.store.customers.create(first_name="Mali")
        return Shopping(
            parts=impatient_parts,
            running=running,
            buyer=enrol(customer.id, START_POINTS),
            reward_id=reward_ids[reward],
        )

    yield shopping
    clock.set_offset(timedelta())


def strikes_of(calls):
    """Return every way in which every one of the calls can fail."""
    return [Strike(place, kind) for place in range(len(calls)) for kind in KINDS]


def live_and_tell(member, story, *strikes):
    try:
        return live(member, story, *strikes)
    except AssertionError as wrong:
        raise AssertionError(f"{story} with {strikes}") from wrong


@pytest.mark.parametrize("reward", REWARDS)
def test_some_faults_lose_no_points_and_leave_nothing_at_shopify(shopping, reward):
    for story in STORIES:
        member = shopping(reward)
        calls = live_and_tell(member, story)
        chosen = random.Random(f"{SEED}{story}{reward}")
        for strike in chosen.sample(strikes_of(calls), min(len(calls), 1)):
            member = shopping(reward)
            live_and_tell(member, story, strike)

    member.check_ledger()


@pytest.mark.soak
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("reward", REWARDS)
def test_every_fault_in_every_place_loses_no_points(shopping, reward, story):
    member = shopping(reward)
    calls = live_and_tell(member, story)

    for strike in strikes_of(calls):
        member = shopping(reward)
        live_and_tell(member, story, strike)

    member.check_ledger()


@pytest.mark.soak
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("reward", REWARDS)
def test_two_faults_one_after_the_other_lose_no_points(shopping, reward, story):
    member = shopping(reward)
    calls = live_and_tell(member, story)
    pairs = list(itertools.combinations(strikes_of([*calls, "one more"]), 2))

    for pair in random.Random(f"{SEED}{story}{reward}").sample(pairs, PAIRS if calls else 0):
        member = shopping(reward)
        live_and_tell(member, story, *pair)

    member.check_ledger()
