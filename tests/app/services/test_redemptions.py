"""Points are held, spent and given back, each at most once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.domain.errors import (
    IdempotencyConflict,
    NotEnoughPoints,
    RedemptionNotOpen,
    RewardUnavailable,
)
from app.domain.program_rules import ProgramRules
from app.services.archive_reward import archive_reward
from app.services.capture_redemption import capture_redemption
from app.services.mark_redemption_ready import mark_redemption_ready
from app.services.mature_and_expire import mature_and_expire
from app.services.release_redemption import release_redemption
from app.services.return_points import return_points
from tests.fixtures.stores import LEDGER_KEY, Store, open_store


def release(store: Store, redemption_id: int, reason="undone"):
    with store.session() as session:
        return release_redemption(
            session,
            redemption_id=redemption_id,
            reason=reason,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def capture(store: Store, redemption_id: int, order_id: int = 9):
    with store.session() as session:
        return capture_redemption(
            session,
            redemption_id=redemption_id,
            order_id=order_id,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def test_holding_a_reward_sets_its_points_aside(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))

    redemption_id = instant_store.hold()

    assert instant_store.balances() == (0, 150, 100)
    redemption = instant_store.redemption(redemption_id)
    assert redemption.state == "held"
    assert redemption.terms["config"] == {"amount_minor": 500}
    assert redemption.expires_at == instant_store.now + timedelta(days=30)


def test_the_same_key_again_is_the_same_redemption(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))

    first = instant_store.hold(key="a")

    assert instant_store.hold(key="a", code="RG-other") == first
    assert instant_store.balances() == (0, 150, 100)


def test_the_same_key_for_another_reward_is_a_conflict(instant_store: Store):
    instant_store.take_in(instant_store.order(50_000))
    instant_store.hold(key="a", points=100)

    with pytest.raises(IdempotencyConflict):
        instant_store.hold(key="a", points=150)


def test_pending_points_buy_nothing(store: Store):
    store.take_in(store.order(25_000))

    with pytest.raises(NotEnoughPoints) as caught:
        store.hold()

    assert (caught.value.points_needed, caught.value.points_available) == (100, 0)


def test_points_that_fell_due_can_be_held_before_any_job_ran(store: Store):
    store.take_in(store.order(25_000))
    store.later(days=14)

    store.hold()

    assert store.balances() == (0, 150, 100)


def test_a_reward_that_was_taken_away_is_not_to_be_had(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))
    reward_id = instant_store.reward_id()
    with instant_store.session() as session:
        archive_reward(
            session,
            program_id=instant_store.program_id,
            reward_id=reward_id,
            now=instant_store.now,
        )

    with pytest.raises(RewardUnavailable):
        instant_store.hold()


def test_of_two_concurrent_holds_of_the_same_points_one_gets_them(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))

    def attempt(number):
        try:
            return instant_store.hold(key=f"key-{number}", code=f"RG-{number}")
        except NotEnoughPoints:
            return None

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(8)))

    assert len([each for each in outcomes if each is not None]) == 1
    assert instant_store.balances() == (0, 0, 100)


def test_concurrent_holds_with_one_key_are_one_redemption(instant_store: Store):
    instant_store.take_in(instant_store.order(50_000))

    with ThreadPoolExecutor(4) as pool:
        outcomes = set(pool.map(lambda _: instant_store.hold(key="same"), range(8)))

    assert len(outcomes) == 1
    assert instant_store.balances() == (0, 400, 100)


def test_releasing_gives_the_points_back_once(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))
    redemption_id = instant_store.hold()

    release(instant_store, redemption_id)
    again = release(instant_store, redemption_id)

    assert instant_store.balances() == (0, 250, 0)
    assert (again.state, again.release_reason) == ("released", "undone")


def test_a_released_redemption_cannot_become_ready(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))
    redemption_id = instant_store.hold()
    release(instant_store, redemption_id, "refused")

    with pytest.raises(RedemptionNotOpen), instant_store.session() as session:
        mark_redemption_ready(
            session,
            redemption_id=redemption_id,
            discount_gid="gid://shopify/DiscountCodeNode/1",
            now=instant_store.now,
        )


def test_a_used_redemption_cannot_be_released(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))
    redemption_id = instant_store.hold()
    capture(instant_store, redemption_id)

    with pytest.raises(RedemptionNotOpen):
        release(instant_store, redemption_id)
    assert instant_store.balances() == (0, 150, 0)


def test_an_order_uses_a_redemption_once_and_no_other_order_can(instant_store: Store):
    instant_store.take_in(instant_store.order(25_000))
    redemption_id = instant_store.hold()

    capture(instant_store, redemption_id, order_id=9)
    capture(instant_store, redemption_id, order_id=9)

    with pytest.raises(RedemptionNotOpen):
        capture(instant_store, redemption_id, order_id=10)
    assert instant_store.balances() == (0, 150, 0)


def test_returns_are_cumulative(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    redemption_id = instant_store.hold()
    capture(instant_store, redemption_id)

    def give_back(points_in_all):
        with instant_store.session() as session:
            return return_points(
                session,
                redemption_id=redemption_id,
                points_in_all=points_in_all,
                now=instant_store.now,
                ledger_key=LEDGER_KEY,
            )

    assert [give_back(40), give_back(40), give_back(30), give_back(999)] == [40, 0, 0, 60]
    assert instant_store.balances() == (0, 100, 0)


def test_held_points_do_not_expire_and_undone_ones_can_be_used_for_seven_more_days(database):
    store = open_store(database, ProgramRules(pending_days=0, expiry_months=1))
    store.take_in(store.order(10_000))
    store.later(days=25)
    redemption_id = store.hold()

    store.later(days=20)
    assert store.balances() == (0, 0, 100)
    release(store, redemption_id)

    assert store.balances() == (0, 100, 0)
    store.later(days=7)
    store.take_in(store.order(0))
    assert store.balances() == (0, 0, 0)
    assert store.kinds() == ["earn", "hold", "release", "prolong", "prolong", "expire"]


def test_points_undone_in_time_keep_their_day(database):
    store = open_store(database, ProgramRules(pending_days=0, expiry_months=1))
    store.take_in(store.order(10_000))
    store.later(days=25)
    release(store, store.hold())

    store.later(days=7)
    store.take_in(store.order(0))

    assert store.balances() == (0, 0, 0)
    assert store.kinds() == ["earn", "hold", "release", "expire"]


def test_points_of_a_lapsed_code_can_be_used_for_seven_more_days(database):
    store = open_store(database, ProgramRules(pending_days=0, expiry_months=1))
    store.take_in(store.order(10_000))
    store.later(days=25)
    redemption_id = store.hold()
    store.later(days=30)

    release(store, redemption_id, "lapsed")

    assert store.balances() == (0, 100, 0)
    store.later(days=8)
    with store.session() as session:
        assert (
            mature_and_expire(
                session, program_id=store.program_id, now=store.now, ledger_key=LEDGER_KEY
            )
            == 1
        )
    assert store.balances() == (0, 0, 0)


def test_where_lapsed_points_are_kept_they_are_gone(database):
    store = open_store(database, ProgramRules(pending_days=0, lapse_policy="keep"))
    store.take_in(store.order(10_000))
    redemption_id = store.hold()

    release(store, redemption_id, "lapsed")

    assert store.balances() == (0, 0, 0)


def test_points_given_back_fill_a_debt_first(instant_store: Store):
    order = instant_store.order(10_000)
    instant_store.take_in(order)
    redemption_id = instant_store.hold()
    instant_store.take_in(deleted_order_ids=[order.order_id])
    assert instant_store.balances() == (0, -100, 100)

    release(instant_store, redemption_id)

    assert instant_store.balances() == (0, 0, 0)
