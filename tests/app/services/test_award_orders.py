"""Orders earn, shrink and settle by one path, whatever arrives when."""

import itertools
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from app.db.models import Award, CustomerOrder, Member, Tier
from app.domain.order_snapshot import Refund
from app.domain.program_rules import ProgramRules
from app.services.adjust_points import adjust_points
from app.services.mark_redemption_ready import mark_redemption_ready
from app.services.publish_rules import publish_rules
from app.services.release_redemption import release_redemption
from app.services.verify_ledger import verify_ledger
from tests.fixtures.orders import line, refunded
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

HOUR = timedelta(hours=1)


def test_a_paid_order_earns_pending_points(store: Store):
    result = store.take_in(store.order(12_345))

    assert store.balances() == (123, 0, 0)
    assert result.orders_stored == result.orders_awarded == 1
    assert result.points_posted == 123


def test_the_same_state_twice_awards_points_once(store: Store):
    order = store.order(5_000)

    store.take_in(order, order)
    again = store.take_in(order)

    assert store.balances() == (50, 0, 0)
    assert again.orders_stored == 0
    assert store.kinds() == ["earn"]


def test_an_older_state_changes_nothing(store: Store):
    order = store.order(5_000)
    edited = replace(order, updated_at=order.updated_at + HOUR, lines=(line(1, 9_000),))

    store.take_in(edited)
    store.take_in(order)

    assert store.balances() == (90, 0, 0)


def test_a_partial_refund_takes_pending_points_first(store: Store):
    earlier, order = store.order(10_000), store.order(20_000, lines=(line(1, 20_000, quantity=2),))
    store.take_in(earlier)
    store.later(days=20)
    late = replace(order, processed_at=store.now, updated_at=store.now)
    store.take_in(late)

    store.take_in(refunded(late, at=store.now + HOUR, kept=1))

    assert store.balances() == (100, 100, 0)
    assert store.kinds()[-1] == "take_back"


def test_every_order_of_an_orders_events_ends_at_the_same_award(instant_store: Store):
    first = instant_store.order(30_000, lines=(line(1, 30_000, quantity=3),))
    events = [
        replace(first, financial_status="pending"),
        replace(first, updated_at=first.updated_at + HOUR),
        refunded(first, at=first.updated_at + 2 * HOUR, kept=2),
        refunded(first, at=first.updated_at + 3 * HOUR, kept=1, refund_id=2),
    ]

    instant_store.later(days=1)

    for customer, events_in_order in enumerate(itertools.permutations(events), 1):
        order_id = next(instant_store.counter)
        for event in events_in_order:
            instant_store.take_in(replace(event, order_id=order_id, customer_id=customer))

        assert instant_store.balances(customer) == (0, 100, 0)


def test_a_batch_comes_to_the_same_as_its_orders_one_by_one(store: Store):
    def orders(customer):
        return [
            store.order(20_000, customer=customer),
            store.order(20_000, customer=customer),
            store.order(20_000, customer=customer),
        ]

    for order in orders(customer=1):
        store.take_in(order)
    store.take_in(*orders(customer=2))

    # The second order reaches Silver: the third earns 1.25 times.
    assert store.balances(1) == store.balances(2) == (650, 0, 0)


def test_two_different_states_of_one_moment_are_fetched(store: Store):
    order = store.order(5_000)
    other = replace(order, lines=(line(1, 9_000),))

    result = store.take_in(order, other)
    assert result.fetch_order_ids == (order.order_id,)
    assert store.balances() == (50, 0, 0)

    store.take_in(other, fetched=True)
    assert store.balances() == (90, 0, 0)


def test_a_refund_announced_before_its_order_counts_once(store: Store):
    order = store.order(20_000, lines=(line(1, 20_000, quantity=2),))
    refund = Refund(refund_id=1, created_at=store.now + HOUR, line_quantities=((1, 1),))

    early = store.take_in(refunds=[(order.order_id, refund)])
    assert early.orders_stored == 0
    store.take_in(order)
    assert store.balances() == (100, 0, 0)

    store.take_in(refunded(order, at=store.now + HOUR, kept=1))
    assert store.balances() == (100, 0, 0)


def test_a_refund_announced_after_its_order_shrinks_the_award(store: Store):
    order = store.order(20_000, lines=(line(1, 20_000, quantity=2),))
    refund = Refund(refund_id=1, created_at=store.now + HOUR, line_quantities=((1, 1),))

    store.take_in(order)
    store.take_in(refunds=[(order.order_id, refund)])

    assert store.balances() == (100, 0, 0)


def test_a_cancelled_order_gives_all_points_back(store: Store):
    order = store.order(5_000)
    store.take_in(order)

    store.take_in(replace(order, updated_at=store.now + HOUR, cancelled_at=store.now + HOUR))

    assert store.balances() == (0, 0, 0)
    with store.session() as session:
        award = session.scalars(select(Award)).one()
        assert (award.points, award.revision) == (0, 2)
        assert award.receipt[0]["kind"] == "cancelled"


def test_a_deleted_order_gives_all_points_back(store: Store):
    order = store.order(5_000)
    store.take_in(order)

    store.take_in(deleted_order_ids=[order.order_id])

    assert store.balances() == (0, 0, 0)


def test_an_order_deleted_before_it_was_heard_of_earns_nothing(store: Store):
    order = store.order(5_000)

    store.take_in(deleted_order_ids=[order.order_id])
    store.take_in(order)

    assert store.balances() == (0, 0, 0)


def test_an_edit_that_adds_a_line_adds_its_points(store: Store):
    order = store.order(5_000)
    store.take_in(order)

    lines = (*order.lines, line(2, 2_500))
    store.take_in(replace(order, updated_at=store.now + HOUR, lines=lines))

    assert store.balances() == (75, 0, 0)
    assert len(store.lots()) == 1


def test_a_test_order_is_kept_and_earns_nothing(store: Store):
    store.take_in(store.order(5_000, test=True))

    assert store.balances() == (0, 0, 0)
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(CustomerOrder)) == 1
        assert session.scalar(select(func.count()).select_from(Award)) == 0


def test_an_unpaid_order_earns_once_it_is_paid_and_waits_from_then(store: Store):
    order = store.order(5_000, financial_status="pending")
    store.take_in(order)
    assert store.balances() == (0, 0, 0)

    store.later(days=10)
    store.take_in(replace(order, financial_status="paid", updated_at=store.now))

    assert store.balances() == (50, 0, 0)
    assert store.lots()[0].available_at == store.now + timedelta(days=14)


def test_after_an_edit_the_paid_part_stands_also_when_its_state_comes_late(store: Store):
    paid = store.order(5_000)
    edited = replace(
        paid,
        updated_at=store.now + HOUR,
        financial_status="partially_paid",
        lines=(*paid.lines, line(2, 3_000)),
    )

    store.take_in(edited)
    assert store.balances() == (0, 0, 0)
    store.take_in(paid)
    assert store.balances() == (50, 0, 0)

    store.take_in(replace(edited, updated_at=store.now + 2 * HOUR, financial_status="paid"))
    assert store.balances() == (80, 0, 0)


def test_orders_from_before_the_start_are_kept_and_earn_nothing(store: Store):
    order = store.order(5_000, processed_at=store.now - HOUR)

    store.take_in(order)
    store.take_in(replace(order, updated_at=store.now + HOUR))

    assert store.balances() == (0, 0, 0)


def test_an_order_without_a_customer_waits_for_one(store: Store):
    order = store.order(5_000, customer=None)
    assert store.take_in(order).orders_awarded == 0

    store.take_in(replace(order, customer_id=7, updated_at=store.now + HOUR))

    assert store.balances(7) == (50, 0, 0)


def test_an_order_moved_to_another_customer_takes_its_points_along(store: Store):
    order = store.order(5_000, customer=1)
    store.take_in(order)

    store.take_in(replace(order, customer_id=2, updated_at=store.now + HOUR))

    assert store.balances(1) == (0, 0, 0)
    assert store.balances(2) == (50, 0, 0)


def test_an_award_is_reckoned_again_with_the_rules_it_was_pinned_to(store: Store):
    order = store.order(10_000, lines=(line(1, 10_000, quantity=2),))
    store.take_in(order)
    with store.session() as session:
        publish_rules(
            session,
            program_id=store.program_id,
            rules=ProgramRules(points_per_unit=5),
            published_by="staff:1",
            now=store.now + HOUR,
        )

    store.take_in(refunded(order, at=store.now + 2 * HOUR, kept=1))
    store.later(hours=3)
    store.take_in(store.order(10_000, customer=2))

    assert store.balances(1) == (50, 0, 0)
    assert store.balances(2) == (500, 0, 0)


def test_what_was_paid_counts_although_the_edit_comes_in_the_same_batch(store: Store):
    paid = store.order(5_000)
    edited = replace(
        paid,
        updated_at=store.now + HOUR,
        financial_status="partially_paid",
        lines=(*paid.lines, line(2, 3_000)),
    )

    store.take_in(paid, edited)

    assert store.balances() == (50, 0, 0)


def test_the_paid_part_is_the_same_whenever_a_refund_is_announced(store: Store):
    def events(customer):
        paid = store.order(10_000, lines=(line(1, 10_000, quantity=2),), customer=customer)
        refund = Refund(refund_id=1, created_at=store.now + HOUR, line_quantities=((1, 1),))
        whole = refunded(paid, at=store.now + 2 * HOUR, kept=1)
        lines = (*whole.lines, line(2, 3_000))
        edited = replace(whole, financial_status="partially_paid", lines=lines)
        return paid, [(paid.order_id, refund)], edited

    paid, refunds, edited = events(customer=1)
    store.take_in(paid)
    store.take_in(refunds=refunds)
    store.take_in(edited)
    paid, refunds, edited = events(customer=2)
    store.take_in(edited)
    store.take_in(paid)
    store.take_in(refunds=refunds)

    assert store.balances(1) == store.balances(2) == (80, 0, 0)


def test_a_paid_state_counts_although_another_of_its_moment_is_the_newest(store: Store):
    first = store.order(20_000, lines=(line(1, 20_000, quantity=2),))
    paid = refunded(first, at=store.now + HOUR, kept=1)
    edited = replace(paid, financial_status="partially_paid", lines=(*paid.lines, line(2, 3_000)))

    store.take_in(first)
    store.take_in(edited)
    result = store.take_in(paid)

    assert result.fetch_order_ids == (first.order_id,)
    assert store.balances() == (100, 0, 0)


def test_spend_raises_the_tier_at_once(store: Store):
    store.take_in(store.order(30_000))

    with store.session() as session:
        names = session.scalars(select(Tier.name).join(Member, Member.tier_id == Tier.id)).all()
    assert names == ["Silver"]


def test_old_points_spent_then_refunded_are_owed_and_filled_by_later_ones(instant_store: Store):
    order = instant_store.order(10_000)
    instant_store.take_in(order)
    redemption_id = instant_store.hold()
    instant_store.take_in(instant_store.order(100, discount_codes=("RG-1",), customer=1))
    assert instant_store.redemption(redemption_id).state == "used"

    instant_store.take_in(refunded(order, at=instant_store.now + HOUR))
    assert instant_store.balances() == (0, -99, 0)
    instant_store.take_in(instant_store.order(15_000))

    assert instant_store.balances() == (0, 51, 0)


def test_debts_are_written_off_where_the_programme_says_so(database):
    rules = ProgramRules(pending_days=0, debt_policy="write_off")
    store = open_store(database, rules)
    order = store.order(10_000)
    store.take_in(order)
    store.hold()

    store.take_in(refunded(order, at=store.now + HOUR))

    assert store.balances() == (0, 0, 100)
    assert store.kinds()[-1] == "write_off"


def test_the_order_that_used_the_code_captures_the_hold_although_unpaid(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    redemption_id = instant_store.hold()
    assert instant_store.balances() == (0, 0, 100)

    order = instant_store.order(financial_status="pending", discount_codes=("rg-1",))
    instant_store.take_in(order)
    instant_store.take_in(order)

    assert instant_store.balances() == (0, 0, 0)
    redemption = instant_store.redemption(redemption_id)
    assert (redemption.state, redemption.order_id) == ("used", order.order_id)


def test_refunds_return_redeemed_points_in_proportion_and_in_all(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    instant_store.hold()
    lines = (line(1, 9_000, quantity=3, discount_minor=8_999),)
    order = instant_store.order(discount_codes=("RG-1",), lines=lines)
    instant_store.take_in(order)
    assert instant_store.balances() == (0, 0, 0)

    first = refunded(order, at=instant_store.now + HOUR, kept=2)
    instant_store.take_in(first)
    second = refunded(first, at=instant_store.now + 2 * HOUR, kept=0, refund_id=2)
    instant_store.take_in(second)
    instant_store.take_in(first)

    assert instant_store.balances() == (0, 100, 0)


def test_cancelling_the_order_returns_what_it_redeemed(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    redemption_id = instant_store.hold()
    order = instant_store.order(500, discount_codes=("RG-1",))
    instant_store.take_in(order)

    cancelled = replace(
        order, updated_at=instant_store.now + HOUR, cancelled_at=instant_store.now + HOUR
    )
    instant_store.take_in(cancelled)

    assert instant_store.balances() == (0, 100, 0)
    assert instant_store.redemption(redemption_id).returned == 100


def test_a_released_code_used_all_the_same_is_taken_again_into_debt(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    redemption_id = instant_store.hold()
    with instant_store.session() as session:
        release_redemption(
            session,
            redemption_id=redemption_id,
            reason="undone",
            now=instant_store.now,
            ledger_key=LEDGER_KEY,
        )
    other = instant_store.hold(key="other", code="RG-2")
    order = instant_store.order(100, discount_codes=("RG-1",))

    result = instant_store.take_in(order)

    assert result.taken_again == (redemption_id,)
    assert instant_store.balances() == (0, -99, 100)
    assert instant_store.redemption(other).state == "held"

    cancelled = replace(order, updated_at=order.updated_at + HOUR, cancelled_at=order.updated_at)
    instant_store.take_in(cancelled)
    assert instant_store.balances() == (0, 0, 100)


def test_a_lapsed_code_whose_points_were_kept_is_not_paid_twice(database):
    rules = ProgramRules(pending_days=0, expiry_months=None, lapse_policy="keep")
    store = open_store(database, rules)
    store.take_in(store.order(20_000))
    redemption_id = store.hold()
    with store.session() as session:
        release_redemption(
            session,
            redemption_id=redemption_id,
            reason="lapsed",
            now=store.now,
            ledger_key=LEDGER_KEY,
        )
    assert store.balances() == (0, 100, 0)

    order = store.order(0, discount_codes=("RG-1",))
    result = store.take_in(order)

    assert result.taken_again == ()
    assert store.balances() == (0, 100, 0)
    assert store.redemption(redemption_id).state == "used"
    store.take_in(replace(order, updated_at=order.updated_at + HOUR, cancelled_at=store.now))
    assert store.balances() == (0, 200, 0)


def test_an_order_gives_redeemed_points_back_by_the_rules_of_its_time(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    instant_store.hold()
    order = instant_store.order(500, discount_codes=("RG-1",))
    instant_store.take_in(order)
    instant_store.later(hours=1)
    with instant_store.session() as session:
        publish_rules(
            session,
            program_id=instant_store.program_id,
            rules=ProgramRules(return_policy="never"),
            published_by="staff:1",
            now=instant_store.now,
        )

    instant_store.take_in(
        replace(order, updated_at=instant_store.now, cancelled_at=instant_store.now)
    )

    assert instant_store.balances() == (0, 100, 0)


def test_due_points_mature_and_expire_before_an_order_is_taken_in(store: Store):
    store.take_in(store.order(10_000))
    store.later(days=400)

    store.take_in(store.order(5_000))

    assert store.kinds() == ["earn", "mature", "expire", "earn"]
    assert store.balances() == (50, 0, 0)


def test_an_award_that_grows_after_its_points_expired_expires_again(store: Store):
    order = store.order(10_000)
    store.take_in(order)
    store.later(days=400)

    lines = (*order.lines, line(2, 2_000))
    store.take_in(replace(order, updated_at=store.now, lines=lines))
    store.take_in(replace(order, updated_at=store.now + HOUR))

    assert store.balances() == (0, 0, 0)
    assert store.kinds() == ["earn", "mature", "expire", "earn", "expire", "take_back"]


def test_a_change_behind_the_apps_back_shows(store: Store):
    store.take_in(store.order(10_000))
    with store.database.owner.begin() as connection:
        connection.exec_driver_sql("alter table posting disable trigger insert_only")
        connection.exec_driver_sql(
            "update posting set points = points + 1 where program_id = %s", (store.program_id,)
        )
        connection.exec_driver_sql("alter table posting enable trigger insert_only")

    with store.session() as session:
        found = verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY)
        assert {each.what for each in found} >= {"chain", "balances", "lots", "awards"}

    with store.database.owner.begin() as connection:
        connection.exec_driver_sql("alter table posting disable trigger insert_only")
        connection.exec_driver_sql(
            "update posting set points = points - 1 where program_id = %s", (store.program_id,)
        )
        connection.exec_driver_sql("alter table posting enable trigger insert_only")


def test_staff_adjust_points_once_per_key(instant_store: Store):
    instant_store.take_in(instant_store.order(1_000))
    member_id = instant_store.member_id()
    for points, key in ((30, "a"), (30, "a"), (-15, "b"), (-15, "b")):
        with instant_store.session() as session:
            adjust_points(
                session,
                program_id=instant_store.program_id,
                member_id=member_id,
                points=points,
                key=key,
                actor="staff:1",
                note=b"sealed",
                now=instant_store.now,
                ledger_key=LEDGER_KEY,
            )

    assert instant_store.balances() == (0, 25, 0)


def test_a_gift_of_staff_fills_a_debt_and_is_proved(instant_store: Store):
    order = instant_store.order(10_000)
    instant_store.take_in(order)
    instant_store.hold()
    instant_store.take_in(refunded(order, at=instant_store.now + HOUR))
    assert instant_store.balances() == (0, -100, 100)

    with instant_store.session() as session:
        adjust_points(
            session,
            program_id=instant_store.program_id,
            member_id=instant_store.member_id(),
            points=120,
            key="a",
            actor="staff:1",
            note=None,
            now=instant_store.now,
            ledger_key=LEDGER_KEY,
        )

    assert instant_store.balances() == (0, 20, 100)


def test_a_redemption_made_ready_twice_stays_ready(instant_store: Store):
    instant_store.take_in(instant_store.order(10_000))
    redemption_id = instant_store.hold()

    for _ in range(2):
        with instant_store.session() as session:
            row = mark_redemption_ready(
                session,
                redemption_id=redemption_id,
                discount_gid="gid://shopify/DiscountCodeNode/1",
                now=instant_store.now,
            )
            assert row.state == "ready"
