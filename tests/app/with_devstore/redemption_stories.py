"""The stories of redemptions: of every type of reward, all that can become of one."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.reward import reward_types
from app.domain.ways import WAYS, Way
from tests.app.with_devstore.faulty_admin import Call, Strike
from tests.app.with_devstore.settled import check_settled
from tests.app.with_devstore.shopping import Shopping


def any_way(way: Way) -> bool:
    return True


def pays(way: Way) -> bool:
    return way.used_by in ("order", "time")


def is_served(way: Way) -> bool:
    return way.used_by == "staff"


def can_be_undone(way: Way) -> bool:
    return way.undone_by_shopper


def gives_no_money(way: Way) -> bool:
    """Shopify does not merge customers who have gift cards or store credit."""
    return way.used_by != "time"


@dataclass(frozen=True)
class Story:
    """What happens, of redemptions that come in some ways."""

    steps: tuple[Callable[[Shopping], None], ...]
    fits: Callable[[Way], bool] = any_way


TAKEN = (Shopping.redeem, Shopping.wait_for_the_job)
STORIES = {
    "taken": Story((Shopping.redeem,)),
    "taken by a friend": Story((Shopping.redeem_as_a_friend,)),
    "taken by a friend, undone": Story((Shopping.redeem_as_a_friend, Shopping.undo)),
    "asked for twice": Story((Shopping.redeem, Shopping.redeem)),
    "settled by the job": Story(TAKEN),
    "undone": Story((Shopping.redeem, Shopping.undo)),
    "undone twice": Story((Shopping.redeem, Shopping.undo, Shopping.undo)),
    "undone, settled by the job": Story(
        (Shopping.redeem, Shopping.undo, Shopping.wait_for_the_job)
    ),
    "asked for again once undone": Story((Shopping.redeem, Shopping.undo, Shopping.redeem)),
    "another one once undone": Story(
        (Shopping.redeem, Shopping.undo, Shopping.redeem_anew), can_be_undone
    ),
    "not applied at the checkout": Story((Shopping.redeem, Shopping.leave_the_checkout)),
    "cancelled by staff": Story((*TAKEN, Shopping.be_cancelled)),
    "lapsed": Story((*TAKEN, Shopping.let_it_lapse)),
    "undone and lapsed": Story((Shopping.redeem, Shopping.undo, Shopping.let_it_lapse)),
    "given up": Story((Shopping.redeem, Shopping.lose_shopify)),
    "undone and given up": Story((Shopping.redeem, Shopping.undo, Shopping.lose_shopify)),
    "paid": Story((*TAKEN, Shopping.pay, Shopping.be_heard_of), pays),
    "paid and refunded": Story(
        (*TAKEN, Shopping.pay, Shopping.be_heard_of, Shopping.be_refunded, Shopping.be_heard_of),
        pays,
    ),
    "paid, then undone": Story((*TAKEN, Shopping.pay, Shopping.undo), pays),
    "paid, heard of, then undone": Story(
        (*TAKEN, Shopping.pay, Shopping.be_heard_of, Shopping.undo), pays
    ),
    "undone, then paid": Story((*TAKEN, Shopping.undo, Shopping.pay), pays),
    "paid, then lapsed": Story((*TAKEN, Shopping.pay, Shopping.let_it_lapse), pays),
    "served": Story((*TAKEN, Shopping.be_served), is_served),
    "served, then cancelled": Story((*TAKEN, Shopping.be_served, Shopping.be_cancelled), is_served),
    "merged, then undone": Story(
        (Shopping.redeem, Shopping.be_merged, Shopping.undo), gives_no_money
    ),
    "forgotten": Story((Shopping.redeem, Shopping.be_forgotten)),
    "undone and forgotten": Story((Shopping.redeem, Shopping.undo, Shopping.be_forgotten)),
}


def types_with(story: str) -> list[str]:
    """Return the types of reward of which a story can be told."""
    return [
        name
        for name, type_ in sorted(reward_types().items())
        if STORIES[story].fits(WAYS[type_.way])
    ]


def live(shopping: Shopping, story: str, *strikes: Strike) -> list[Call]:
    """Live through a story with some calls failing; return the calls that it took."""
    try:
        return _live(shopping, story, strikes)
    except AssertionError as wrong:
        raise AssertionError(f"{shopping.wish.type}: {story} with {strikes}") from wrong


def _live(shopping: Shopping, story: str, strikes: tuple[Strike, ...]) -> list[Call]:
    shopping.api.begin(*strikes)
    for step in STORIES[story].steps:
        step(shopping)
    shopping.settle()
    calls = list(shopping.api.calls)
    shopping.api.begin()
    check_settled(shopping)
    if any(row.state == "ready" for row in shopping.redemptions()):
        # What the member has now can be given back, whatever it went through.
        shopping.undo()
        shopping.settle()
        check_settled(shopping)
    return calls
