"""Points mature, are warned of and expire, however late the job and whatever the setting."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.db.models import ExpiryWarning, Lot, Member
from app.domain.errors import NotEnoughPoints
from app.domain.program_rules import ProgramRules
from app.services.mature_and_expire import mature_and_expire
from app.services.publish_rules import publish_rules
from app.services.release_redemption import release_redemption
from app.services.verify_ledger import verify_ledger
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY, START, Store, open_store

BY_LOT = ProgramRules(pending_days=0, expiry_months=3)
BY_INACTIVITY = ProgramRules(pending_days=0, expiry_mode="inactivity", expiry_months=3)


@pytest.fixture
def lots(database):
    return open_store(database, BY_LOT)


@pytest.fixture
def idle(database):
    return open_store(database, BY_INACTIVITY)


def run_job(store: Store) -> int:
    with store.session() as session:
        return mature_and_expire(
            session, program_id=store.program_id, now=store.now, ledger_key=LEDGER_KEY
        )


def publish(store: Store, rules: ProgramRules) -> None:
    with store.session() as session:
        publish_rules(
            session,
            program_id=store.program_id,
            rules=rules,
            published_by="staff:1",
            now=store.now,
        )


def release(store: Store, redemption_id: int) -> None:
    with store.session() as session:
        release_redemption(
            session,
            redemption_id=redemption_id,
            reason="undone",
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def on(store: Store, month: int, day: int) -> None:
    """Let it be noon of a day in Bangkok."""
    store.now = datetime(2026, month, day, 5, tzinfo=UTC)


def warnings(store: Store) -> list[tuple[datetime, int, int]]:
    with store.session() as session:
        rows = session.execute(
            select(
                ExpiryWarning.expires_at, ExpiryWarning.days_before, ExpiryWarning.points
            ).order_by(ExpiryWarning.recorded_at)
        )
        return [(row.expires_at, row.days_before, row.points) for row in rows]


def next_due_at(store: Store) -> datetime | None:
    with store.session() as session:
        return session.scalar(select(Member.next_due_at))


def proved(store: Store) -> bool:
    with store.session() as session:
        return not verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY)


def test_without_activity_the_whole_balance_ends_with_the_day(idle):
    idle.take_in(idle.order(10_000))
    on(idle, 2, 10)
    idle.take_in(idle.order(5_000))

    # The last moment of 10 May in Bangkok is 17:00 UTC.
    idle.now = datetime(2026, 5, 10, 16, 59, tzinfo=UTC)
    run_job(idle)
    assert idle.balances() == (0, 150, 0)
    idle.now = datetime(2026, 5, 10, 17, 0, tzinfo=UTC)
    run_job(idle)

    assert idle.balances() == (0, 0, 0)
    assert proved(idle)


def test_spending_is_activity_and_a_refund_is_not(idle):
    order = idle.order(30_000)
    idle.take_in(order)
    on(idle, 2, 10)
    idle.hold()
    on(idle, 4, 1)
    idle.take_in(refunded(order, at=idle.now))
    assert idle.balances() == (0, -100, 100)

    other = idle.order(40_000)
    idle.take_in(other)
    on(idle, 6, 30)
    idle.take_in(refunded(other, at=idle.now))
    with idle.session() as session:
        active_at = session.scalar(select(Member.last_active_at))
    assert active_at == other.processed_at
    assert proved(idle)


def test_points_in_a_code_outlive_the_balance_and_come_back_for_some_days(idle):
    idle.take_in(idle.order(15_000))
    redemption_id = idle.hold()
    on(idle, 4, 20)
    run_job(idle)
    assert idle.balances() == (0, 0, 100)

    release(idle, redemption_id)

    assert idle.balances() == (0, 100, 0)
    on(idle, 4, 28)
    run_job(idle)
    assert idle.balances() == (0, 0, 0)


def test_an_order_after_the_end_does_not_bring_the_balance_back(idle):
    """Nor does it matter whether the job came before the order."""
    idle.take_in(idle.order(10_000))
    on(idle, 5, 1)

    idle.take_in(idle.order(2_000))

    assert idle.balances() == (0, 20, 0)
    assert idle.kinds() == ["earn", "expire", "earn"]


@pytest.mark.parametrize("rules", [BY_LOT, BY_INACTIVITY])
def test_a_week_without_the_job_changes_nothing(database, rules):
    punctual, late = open_store(database, rules), open_store(database, rules)
    for store in (punctual, late):
        redemption_id = None
        order = store.order(20_000)
        for day in range(150):
            store.now = START + timedelta(days=day)
            if day == 0:
                store.take_in(order)
            elif day == 60:
                store.take_in(store.order(12_000, customer=1))
            elif day == 87:
                redemption_id = store.hold()
            elif day == 93:
                # In the week in which the job of one store stood still.
                with pytest.raises(NotEnoughPoints) if rules is BY_LOT else nullcontext():
                    store.hold(points=150, key="second", code="RG-2")
            elif day == 95:
                release(store, redemption_id)
            if store is punctual or not 88 <= day <= 96:
                run_job(store)

    assert postings(late) == postings(punctual)
    assert late.balances() == punctual.balances()
    assert proved(late)
    assert proved(punctual)


def postings(store: Store):
    with store.session() as session:
        rows = session.execute(
            text(
                "select kind, debit_account, credit_account, points, occurred_at from posting"
                " order by sequence"
            )
        )
        return [tuple(row) for row in rows]


def test_a_setting_that_lets_points_last_longer_holds_for_those_that_exist(lots):
    lots.take_in(lots.order(10_000))
    on(lots, 3, 1)
    publish(lots, ProgramRules(pending_days=0, expiry_months=6))

    on(lots, 4, 15)
    run_job(lots)
    assert lots.balances() == (0, 100, 0)
    on(lots, 7, 3)
    run_job(lots)
    assert lots.balances() == (0, 0, 0)


def test_points_that_last_longer_by_a_changed_setting_can_be_spent(lots):
    """Also where no job has looked at the member since."""
    lots.take_in(lots.order(10_000))
    publish(lots, ProgramRules(pending_days=0, expiry_months=6))
    on(lots, 4, 15)

    release(lots, lots.hold())

    assert lots.balances() == (0, 100, 0)
    assert lots.kinds() == ["earn", "hold", "release"]


def test_a_setting_that_gives_less_keeps_what_was_promised(lots):
    lots.take_in(lots.order(10_000))
    publish(lots, ProgramRules(pending_days=0, expiry_months=1))
    lots.later(hours=1)
    lots.take_in(lots.order(5_000))

    on(lots, 2, 15)
    run_job(lots)
    assert lots.balances() == (0, 100, 0)
    on(lots, 4, 15)
    run_job(lots)
    assert lots.balances() == (0, 0, 0)


def test_after_points_never_expire_only_new_ones_do(database):
    store = open_store(database, ProgramRules(pending_days=0, expiry_months=None))
    store.take_in(store.order(10_000))
    publish(store, BY_INACTIVITY)
    store.later(hours=1)
    store.take_in(store.order(5_000))

    on(store, 4, 15)
    run_job(store)

    assert store.balances() == (0, 100, 0)


def test_each_warning_is_recorded_once_though_the_job_runs_again_and_again(lots):
    lots.take_in(lots.order(10_000))
    end = lots.lots()[0].expires_at
    days = [(end - START).days - each for each in (31, 30, 30, 20, 7, 6)]

    for day in days:
        lots.now = START + timedelta(days=day, hours=23)
        run_job(lots)
        run_job(lots)

    assert warnings(lots) == [(end, 30, 100), (end, 7, 100)]
    assert next_due_at(lots) == end


def test_a_warning_tells_of_what_is_left_and_a_late_job_gives_the_nearest_only(lots):
    lots.take_in(lots.order(20_000))
    lots.hold()
    end = lots.lots()[0].expires_at

    lots.now = end - timedelta(days=5)
    run_job(lots)

    assert warnings(lots) == [(end, 7, 100)]


def test_who_was_active_in_time_is_not_warned(idle):
    idle.take_in(idle.order(10_000))
    on(idle, 2, 25)
    idle.take_in(idle.order(10_000))

    on(idle, 3, 10)
    run_job(idle)

    assert warnings(idle) == []
    assert next_due_at(idle) == datetime(2026, 4, 25, 17, tzinfo=UTC)


def test_other_days_of_warning_reach_members_who_do_nothing(database):
    store = open_store(database, ProgramRules(pending_days=0, expiry_months=3, warning_days=()))
    store.take_in(store.order(10_000))
    end = store.lots()[0].expires_at
    assert end is not None
    assert next_due_at(store) == end

    publish(store, ProgramRules(pending_days=0, expiry_months=3, warning_days=(60,)))
    run_job(store)
    store.now = end - timedelta(days=60)
    run_job(store)

    assert warnings(store) == [(end, 60, 100)]


@pytest.mark.parametrize(
    "change", ["expires_at = expires_at - interval '1 day'", "award_id = null"]
)
def test_not_even_the_owner_takes_a_promise_back(lots, change):
    lots.take_in(lots.order(10_000))

    with (
        pytest.raises(IntegrityError, match="keeps its member, award and moments"),
        lots.database.owner.begin() as connection,
    ):
        connection.execute(text(f"update lot set {change}"))


@pytest.mark.parametrize(
    ("debit", "credit"),
    [("issued", "held"), ("held", "expired"), ("adjusted", "pending"), ("pending", "redeemed")],
)
def test_held_and_pending_points_move_only_where_they_may(lots, debit, credit):
    lots.take_in(lots.order(10_000))
    copied = text(
        "insert into posting (program_id, member_id, sequence, kind, debit_account,"
        " credit_account, points, source_key, actor, occurred_at, recorded_at, hash)"
        " select program_id, member_id, 99, kind, :debit, :credit, 1, 'x', actor, occurred_at,"
        " recorded_at, hash from posting"
    )

    with pytest.raises(IntegrityError, match="ck_posting_"), lots.session() as session:
        session.execute(copied, {"debit": debit, "credit": credit})


def test_lots_are_found_to_have_what_their_postings_say(lots):
    lots.take_in(lots.order(10_000))
    with lots.session() as session:
        session.execute(text("update lot set written_off = 5"))
        found = verify_ledger(session, program_id=lots.program_id, ledger_key=LEDGER_KEY)
        session.execute(text("update lot set written_off = 0"))

    assert {each.what for each in found} == {"lots"}
    with lots.session() as session:
        assert session.scalar(select(Lot.written_off)) == 0


def test_an_order_told_after_a_later_one_does_not_bring_the_end_forward(idle):
    first = idle.order(5_000)
    on(idle, 2, 10)
    idle.take_in(idle.order(10_000))
    idle.take_in(first)

    on(idle, 5, 10)
    run_job(idle)
    assert idle.balances() == (0, 150, 0)
    on(idle, 5, 11)
    run_job(idle)

    assert idle.balances() == (0, 0, 0)
    assert proved(idle)


def test_an_order_paid_in_time_but_told_late_brings_the_balance_back(idle):
    idle.take_in(idle.order(10_000))
    on(idle, 3, 20)
    in_time = idle.order(5_000)
    on(idle, 4, 10)
    run_job(idle)
    assert idle.balances() == (0, 0, 0)

    idle.take_in(in_time)
    idle.take_in(in_time)

    assert idle.balances() == (0, 150, 0)
    assert idle.kinds() == ["earn", "expire", "earn", "revive"]
    on(idle, 6, 21)
    run_job(idle)
    assert idle.balances() == (0, 0, 0)
    assert proved(idle)


def test_told_late_comes_to_the_same_without_the_job(database):
    stores = [open_store(database, BY_INACTIVITY) for _ in range(2)]
    for with_job, store in zip((True, False), stores, strict=True):
        store.take_in(store.order(10_000))
        on(store, 3, 20)
        in_time = store.order(5_000)
        on(store, 4, 10)
        if with_job:
            run_job(store)
        store.take_in(in_time)

    assert postings(stores[0]) == postings(stores[1])


def test_points_that_come_back_fill_what_is_owed_first(idle):
    old = idle.order(10_000)
    spent = idle.order(10_000)
    idle.take_in(old, spent)
    idle.hold()
    on(idle, 3, 20)
    in_time = idle.order(1_000)
    on(idle, 4, 10)
    idle.take_in(refunded(spent, at=idle.now))
    assert idle.balances() == (0, 0, 100)

    idle.take_in(in_time)

    assert sum(idle.balances()) == 110
    assert proved(idle)
