"""Whatever fails at Shopify, in whatever place: points are neither lost nor free, no code is left.

Each story of each type of reward is lived through once without a fault, which tells its calls;
then again with each of them failing in each way; then with two of them failing.
"""

import dataclasses
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

from app.domain.reward import reward_type, reward_types
from app.domain.reward_choice import PointsPick, VariantPick
from tests.app.with_devstore.faulty_admin import Call, FaultyAdmin, Strike, strikes_at
from tests.app.with_devstore.redemption_stories import STORIES, live, types_with
from tests.app.with_devstore.shopping import FRIEND, Shopping, Wish, bring_member

SEED = 20_261
SETTINGS: dict[str, Any] = {
    "money": 4_000,
    "percentage": 2_500,
    "whole_number": 1,
    "points": 100,
    "days": 365,
    "text": "Something good",
}
"""What the settings of any type may be, by the kind of the field."""
FEW = 2
"""Of the faults of a story, as many are lived through each time."""
PAIRS = 20


@pytest.fixture
def town(shop):
    """A shop whose calls to Shopify may fail."""
    return shop(grant_optional_scopes=True)


@pytest.fixture
def faulty(town):
    api = FaultyAdmin(town.parts.settings.shopify_origin_template)
    shopify = dataclasses.replace(town.parts.shopify, api=api)
    return dataclasses.replace(town.parts, shopify=shopify)


@pytest.fixture
def shopping(town, faulty):
    """Return a function that brings a new member who wants a reward of a type."""
    wishes: dict[str, Wish] = {}

    def shopping(reward: str) -> Shopping:
        counter = bring_member(town)
        if reward not in wishes:
            wishes[reward] = wish_for(counter, reward)
        return Shopping(counter=counter, parts=faulty, wish=wishes[reward])

    return shopping


def wish_for(counter, reward) -> Wish:
    """Put a reward of a type on offer, set up as its fields ask, and pick what it lets pick."""
    type_ = reward_type(reward)
    settings = SETTINGS | {"variants": [counter.town.variant(0)]}
    config = {field.name: settings[field.kind] for field in type_.fields}
    pick, choice = type_.pick(config, 100), {}
    if isinstance(pick, PointsPick):
        choice = {"points": pick.least}
    elif isinstance(pick, VariantPick):
        choice = {"variant_id": pick.variant_ids[0]}
    return Wish(
        type=reward,
        choice=choice,
        amount_minor=type_.worth(config, {}).amount_minor,
        reward_id=counter.offer(reward, config),
        friends_reward_id=counter.offer(reward, config, customer_tags=(FRIEND,)),
    )


def strikes_of(calls: Sequence[Call], first: int = 0) -> Iterator[Strike]:
    """Yield every way in which every one of the calls can fail, from the first one on."""
    for position, call in enumerate(calls):
        if position >= first:
            yield from strikes_at(position, call)


def some(found: Iterable[Any], most: int, *seed: str) -> list[Any]:
    """Return as many of what was found, the same ones each time."""
    listed = list(found)
    return random.Random(f"{SEED}{seed}").sample(listed, min(len(listed), most))


def few_stories() -> dict[str, list[str]]:
    """Return stories for each type of reward: every story is told of one, and two of every type."""
    told = {reward: set(some(stories_of(reward), 2, reward)) for reward in sorted(reward_types())}
    for story in STORIES:
        told[some(types_with(story), 1, story)[0]].add(story)
    return {reward: sorted(stories) for reward, stories in told.items()}


def stories_of(reward: str) -> list[str]:
    return [story for story in STORIES if reward in types_with(story)]


@pytest.mark.parametrize("reward", few_stories())
def test_some_faults_lose_no_points_and_leave_nothing_at_shopify(shopping, town, reward):
    for story in few_stories()[reward]:
        calls = live(shopping(reward), story)

        for strike in some(strikes_of(calls), FEW, reward, story):
            live(shopping(reward), story, strike)

    assert bring_member(town).proved()


def each_telling(shopping, story: str) -> Iterator[tuple[str, list[Call], bool]]:
    """Live through a story without faults: yield each type of reward, its calls, and if they are new.

    Types that ask Shopify for the same fail alike: one of them stands for all.
    """
    seen: list[list[Call]] = []
    for reward in types_with(story):
        calls = live(shopping(reward), story)
        yield reward, calls, calls not in seen
        seen.append(calls)


@pytest.mark.soak
@pytest.mark.parametrize("story", STORIES)
def test_every_fault_in_every_place_loses_no_points(shopping, town, story):
    for reward, calls, new in each_telling(shopping, story):
        every = strikes_of(calls)
        for strike in every if new else some(every, FEW, reward, story):
            live(shopping(reward), story, strike)

    assert bring_member(town).proved()


@pytest.mark.soak
@pytest.mark.parametrize("story", STORIES)
def test_two_faults_one_after_the_other_lose_no_points(shopping, town, story):
    for reward, calls, new in each_telling(shopping, story):
        for first in some(strikes_of(calls), PAIRS if new else 0, reward, story):
            # What comes after a fault is another story, with calls of its own.
            after = live(shopping(reward), story, first)
            for second in some(strikes_of(after, first.position + 1), 1, story, str(first)):
                live(shopping(reward), story, first, second)

    assert bring_member(town).proved()
