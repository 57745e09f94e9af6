"""What a page reads of a member's lots is bounded by days, not by how often they bought."""

from datetime import timedelta

import pytest

from app.db.queries.memberships import membership, memberships
from app.db.rulebook import load_expiry_terms
from app.db.session import Database
from app.domain.program_rules import ProgramRules
from app.domain.standing import standing_of
from app.services.mature_and_expire import mature_and_expire
from tests.fixtures.stores import LEDGER_KEY, Store, open_store


def test_matured_lots_of_one_day_are_read_as_one(store: Store):
    for _ in range(3):
        store.take_in(store.order(10_000))
        store.later(hours=2)
    store.later(days=1)
    store.take_in(store.order(5_000))
    store.later(days=20)
    store.take_in(store.order(2_000))

    with store.session() as session:
        [member] = memberships(session, [store.member_id()]).values()

    lots = [(lot.matured, lot.points, lot.remaining) for lot in member.account.lots]
    assert lots == [(True, 300, 300), (True, 62, 62), (False, 25, 25)]
    standing = standing_of(member.account, store.now, "Asia/Bangkok")
    assert (standing.available, standing.pending) == (362, 25)
    assert standing.next_expiry.points == 300
    assert standing.next_available.points == 25


def test_far_lots_are_left_out_where_all_end_as_promised(store: Store):
    buy_for_weeks(store)

    with store.session() as session:
        near = membership(session, store.member_id(), load_expiry_terms(session), store.now)
        [whole] = memberships(session, [store.member_id()]).values()

    assert [sum(lot.matured for lot in each.account.lots) for each in (near, whole)] == [2, 8]


@pytest.mark.parametrize(
    "rules",
    [
        ProgramRules(),
        ProgramRules(expiry_months=1, warning_days=(30, 7)),
        ProgramRules(expiry_months=None, expiry_days=3, pending_days=0),
        ProgramRules(expiry_months=None),
        ProgramRules(expiry_mode="inactivity", expiry_months=1),
    ],
)
def test_near_lots_are_all_that_a_standing_is_made_of(database: Database, rules: ProgramRules):
    store = open_store(database, rules)
    buy_for_weeks(store)

    for hours in (0, 7, 24, 24 * 10, 24 * 20, 24 * 40, 24 * 400):
        now = store.now + timedelta(hours=hours)
        with store.session() as session:
            near = membership(session, store.member_id(), load_expiry_terms(session), now)
            [whole] = memberships(session, [store.member_id()]).values()
        assert standing_of(near.account, now, "Asia/Bangkok") == standing_of(
            whole.account, now, "Asia/Bangkok"
        )


def buy_for_weeks(store: Store) -> None:
    """Buy every eight hours for three weeks, while the jobs come every five days."""
    for number in range(63):
        store.take_in(store.order(1_000 + number))
        store.later(hours=8)
        if number % 15 == 14:
            with store.session() as session:
                mature_and_expire(
                    session, program_id=store.program_id, now=store.now, ledger_key=LEDGER_KEY
                )
