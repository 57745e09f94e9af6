"""Points for past orders: previewed to the point, confirmed, granted once, called off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db.models import BackfillMember, CustomerOrder, HistoryImport
from app.db.queries.backfills import newest_backfill
from app.domain.program_rules import ProgramRules
from app.services.confirm_backfill import cancel_backfill, confirm_backfill
from app.services.grant_backfill import grant_backfill
from app.services.reckon_backfill import reckon_backfill
from app.services.start_backfill import (
    BackfillUnderWay,
    NotInThePast,
    PastNotKnown,
    start_backfill,
)
from app.services.start_history_import import start_history_import
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY, START, open_store

SINCE = START - timedelta(days=365)


def past_order(store, total=10_000, *, days_ago=100, **changes):
    at = START - timedelta(days=days_ago)
    order = store.order(total, created_at=at, processed_at=at, updated_at=at, **changes)
    store.take_in(order)
    return order


def start(store, since=SINCE):
    with store.session() as session:
        return start_backfill(
            session,
            program_id=store.program_id,
            shop_id=store.shop_id,
            since=since,
            asked_by="user:1",
            now=store.now,
        )


def run(store, step, backfill_id, limit=500):
    left = True
    while left:
        with store.session() as session:
            left = step(
                session,
                backfill_id=backfill_id,
                limit=limit,
                now=store.now,
                ledger_key=LEDGER_KEY,
            )


def newest(store):
    with store.session() as session:
        return newest_backfill(session, store.shop_id)


def preview(store, since=SINCE, limit=500):
    backfill_id = start(store, since)
    run(store, reckon_backfill, backfill_id, limit)
    return newest(store)


def confirm(store, backfill_id):
    with store.session() as session:
        return confirm_backfill(
            session,
            shop_id=store.shop_id,
            backfill_id=backfill_id,
            confirmed_by="user:2",
            now=store.now,
        )


def grant(store, row, limit=500):
    assert confirm(store, row.id) == "granting"
    run(store, grant_backfill, row.id, limit)
    return newest(store)


def crash_after(store, step, backfill_id):
    with store.session() as session:
        step(session, backfill_id=backfill_id, limit=1, now=store.now, ledger_key=LEDGER_KEY)
        raise KeyboardInterrupt


def test_a_preview_says_what_it_would_cost_and_grants_nothing(store):
    past_order(store, 10_000)
    past_order(store, 5_050, customer=2)
    past_order(store, 2_000, customer=2)

    row = preview(store)

    assert row.state == "ready"
    assert (row.orders, row.members, row.points) == (3, 2, 170)
    # 100 points take $5 off: 170 are worth $8.50.
    assert row.value_minor == 850
    assert store.balances(1) == store.balances(2) == (0, 0, 0)
    assert store.kinds(1) == []


def test_a_preview_says_who_is_in_which_tier(store):
    past_order(store, 120_000, customer=1)
    past_order(store, 1_000, customer=2)

    row = preview(store)

    assert [(tier["name"], tier["members"]) for tier in row.tiers] == [("Gold", 1), ("Bronze", 1)]
    assert sum(tier["points"] for tier in row.tiers) == row.points


def test_what_is_granted_is_what_was_previewed_to_the_point(store):
    for number in range(7):
        past_order(store, 1_000 + 333 * number, customer=1 + number % 3, days_ago=200 - number)
    row = preview(store, limit=2)

    done = grant(store, row, limit=3)

    assert done.state == "done"
    assert (done.orders_granted, done.points_granted) == (row.orders, row.points)
    assert sum(sum(store.balances(customer)) for customer in (1, 2, 3)) == row.points
    assert done.confirmed_by == "user:2"


def test_only_orders_since_the_chosen_day_earn(store):
    past_order(store, 10_000, days_ago=300)
    past_order(store, 5_000, days_ago=10)

    row = preview(store, since=START - timedelta(days=30))

    assert (row.orders_total, row.points) == (1, 50)


def test_orders_of_the_programmes_own_time_are_no_part_of_it(store):
    store.take_in(store.order(10_000))
    past_order(store, 5_000)

    row = preview(store)

    assert row.points == 50


def test_what_earns_nothing_costs_nothing(store):
    past_order(store, 10_000, test=True)
    past_order(store, 10_000, financial_status="pending")
    past_order(store, 10_000, cancelled_at=START)
    past_order(store, 10_000, customer=None)
    gone = past_order(store, 10_000)
    store.take_in(deleted_order_ids=[gone.order_id])

    row = preview(store)

    assert (row.orders_total, row.orders, row.members, row.points) == (0, 0, 0, 0)


def test_granting_twice_gives_nothing_twice(store):
    past_order(store, 10_000)
    first = grant(store, preview(store))

    second = grant(store, preview(store))

    assert (first.points_granted, second.points_granted) == (100, 0)
    assert store.balances() == (0, 100, 0)


def test_another_back_fill_grants_only_what_is_left(store):
    past_order(store, 5_000, days_ago=10)
    past_order(store, 10_000, days_ago=300)
    grant(store, preview(store, since=START - timedelta(days=30)))

    row = preview(store)

    assert (row.orders, row.points) == (1, 100)


def test_confirming_twice_is_confirming_once(store):
    past_order(store, 10_000)
    row = preview(store)
    done = grant(store, row)

    assert confirm(store, row.id) == "done"
    assert newest(store) == done


def test_nothing_is_granted_without_a_confirmation(store):
    past_order(store, 10_000)
    row = preview(store)

    run(store, grant_backfill, row.id)

    assert store.balances() == (0, 0, 0)


def test_a_preview_that_is_a_day_old_is_reckoned_anew(store):
    order = past_order(store, 10_000)
    row = preview(store)
    store.later(days=2)
    store.take_in(refunded(order, at=store.now))

    state = confirm(store, row.id)
    run(store, reckon_backfill, row.id)

    assert state == "reckoning"
    assert (newest(store).state, newest(store).points) == ("ready", 0)


def read_history_at(store, state, finished_at=None):
    with store.session() as session:
        session.add(
            HistoryImport(
                shop_id=store.shop_id,
                state=state,
                asked_by="staff:1",
                sees_all_orders=True,
                requested_at=START,
                finished_at=finished_at,
            )
        )


def test_a_preview_that_more_was_read_since_is_reckoned_anew(store):
    past_order(store, 10_000)
    row = preview(store)
    past_order(store, 5_000)
    read_history_at(store, "done", store.now + timedelta(minutes=1))

    state = confirm(store, row.id)
    run(store, reckon_backfill, row.id)

    assert state == "reckoning"
    assert newest(store).points == 150


def test_while_the_past_is_read_a_preview_cannot_be_confirmed(store):
    past_order(store, 10_000)
    row = preview(store)
    read_history_at(store, "running")

    assert confirm(store, row.id) == "ready"


def test_while_points_are_given_the_past_is_not_read_again(store):
    past_order(store, 10_000)
    confirm(store, preview(store).id)

    with store.session() as session:
        begun = start_history_import(
            session, shop_id=store.shop_id, asked_by="staff:1", now=store.now
        )

    assert not begun


def test_cancelled_half_way_it_keeps_what_was_granted(store):
    past_order(store, 10_000, customer=1)
    past_order(store, 10_000, customer=2)
    row = preview(store)
    confirm(store, row.id)
    with store.session() as session:
        grant_backfill(session, backfill_id=row.id, limit=1, now=store.now, ledger_key=LEDGER_KEY)

    with store.session() as session:
        cancel_backfill(session, shop_id=store.shop_id, backfill_id=row.id, now=store.now)
    run(store, grant_backfill, row.id)

    done = newest(store)
    assert (done.state, done.orders_granted, done.points_granted) == ("cancelled", 1, 100)
    assert store.balances(2) == (0, 0, 0)


def test_a_crash_before_the_commit_counts_nothing_twice(store):
    past_order(store, 10_000)
    backfill_id = start(store)
    for step in (reckon_backfill, grant_backfill):
        with pytest.raises(KeyboardInterrupt):
            crash_after(store, step, backfill_id)
        run(store, step, backfill_id)
        if step is reckon_backfill:
            confirm(store, backfill_id)

    done = newest(store)
    assert (done.orders, done.points, done.points_granted) == (1, 100, 100)
    assert store.balances() == (0, 100, 0)


def test_an_order_that_finds_its_customer_while_granting_is_granted_too(store):
    waiting = past_order(store, 5_000, customer=None)
    past_order(store, 10_000)
    row = preview(store)
    confirm(store, row.id)
    with store.session() as session:
        grant_backfill(session, backfill_id=row.id, limit=9, now=store.now, ledger_key=LEDGER_KEY)
    store.take_in(replace(waiting, customer_id=1, updated_at=store.now))

    run(store, grant_backfill, row.id)

    assert newest(store).points_granted == 150
    assert store.balances() == (0, 150, 0)


def test_a_refund_after_the_grant_takes_the_points_back(store):
    order = past_order(store, 10_000)
    grant(store, preview(store))

    store.take_in(refunded(order, at=store.now + timedelta(days=1)))

    assert store.balances() == (0, 0, 0)


def test_while_one_is_granted_no_other_begins(store):
    past_order(store, 10_000)
    confirm(store, preview(store).id)

    with pytest.raises(BackfillUnderWay):
        start(store)


def test_a_new_preview_replaces_one_that_nobody_confirmed(store):
    past_order(store, 10_000)
    first = preview(store)

    second = preview(store)

    assert second.id != first.id
    assert confirm(store, first.id) == "cancelled"
    with store.session() as session:
        assert {share.backfill_id for share in session.query(BackfillMember)} == {second.id}


def test_days_on_which_orders_earn_by_themselves_are_refused(store):
    with pytest.raises(NotInThePast):
        start(store, since=START)


def test_before_the_past_is_read_nothing_is_reckoned(store):
    with store.session() as session:
        session.add(
            HistoryImport(
                shop_id=store.shop_id,
                state="running",
                asked_by="install",
                sees_all_orders=True,
                requested_at=START,
            )
        )

    with pytest.raises(PastNotKnown):
        start(store)


def test_before_all_facts_are_there_nothing_is_reckoned(store):
    past_order(store, 10_000)
    with store.session() as session:
        session.query(CustomerOrder).update({"facts_wanted": True})

    with pytest.raises(PastNotKnown):
        start(store)
    with store.session() as session:
        session.query(CustomerOrder).update({"facts_wanted": False})


def test_without_a_reward_points_have_no_worth_to_say(database):
    store = open_store(database, ProgramRules())
    with store.session() as session:
        session.connection().exec_driver_sql(
            "update reward set active = false where program_id = %s", (store.program_id,)
        )
    past_order(store, 10_000)

    assert preview(store).value_minor is None
