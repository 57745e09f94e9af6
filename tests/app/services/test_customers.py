"""Customers become members, merge, and go without the ledger changing."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db.models import (
    Customer,
    CustomerOrder,
    Member,
    MemberIdentity,
    Posting,
    PostingNote,
    Shop,
    Tier,
)
from app.domain.program_rules import ProgramRules
from app.services.adjust_points import adjust_points
from app.services.delete_customer import delete_customer
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.services.merge_members import merge_members
from app.services.put_off_redemption import put_off_redemption
from app.services.redact_customer import redact_customer
from app.services.redact_shop import redact_shop
from app.services.verify_ledger import verify_ledger
from tests.fixtures.orders import line, refunded
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

HOUR = timedelta(hours=1)


def customer(store: Store, number=1, *, name=b"sealed name", **changes):
    values = {"customer_id": number, "created_at": store.now, "updated_at": store.now}
    personal = PersonalData(name=name, email=b"sealed", email_hash=b"hash")
    return CustomerState(**(values | {"personal": personal} | changes))


def enrol(store: Store, *customers):
    with store.session() as session:
        enrol_customers(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            customers=customers,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def call(store: Store, service, **arguments):
    with store.session() as session:
        return service(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            now=store.now,
            ledger_key=LEDGER_KEY,
            **arguments,
        )


def merge(store: Store, kept=1, merged=2):
    return call(store, merge_members, kept_customer_id=kept, merged_customer_id=merged)


def stored_name(store: Store, number=1):
    with store.session() as session:
        return session.scalar(select(Customer.name).where(Customer.customer_id == number))


def test_signing_up_is_awarded_once_and_can_be_used_at_once(store: Store):
    enrol(store, customer(store), customer(store, updated_at=store.now + HOUR))
    enrol(store, customer(store))

    assert store.balances() == (0, 50, 0)


def test_customers_from_before_the_start_are_members_without_an_award(store: Store):
    enrol(store, customer(store, created_at=store.now - HOUR))

    assert store.balances() == (0, 0, 0)


def test_an_older_state_never_overwrites_a_newer_one(store: Store):
    enrol(store, customer(store, name=b"new", updated_at=store.now + HOUR))
    enrol(store, customer(store, name=b"old"))

    assert stored_name(store) == b"new"


def test_a_customer_seen_on_an_order_first_is_awarded_for_signing_up_later(store: Store):
    store.take_in(store.order(5_000))
    enrol(store, customer(store))

    assert store.balances() == (50, 50, 0)
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 1


def test_new_members_start_in_the_lowest_tier(store: Store):
    enrol(store, customer(store))

    with store.session() as session:
        assert session.scalar(select(Tier.name).join(Member, Member.tier_id == Tier.id)) == "Bronze"


def test_merged_members_become_one_with_all_their_points(instant_store: Store):
    store = instant_store
    store.take_in(store.order(10_000, customer=1), store.order(40_000, customer=2))
    redemption_id = store.hold(points=150, customer=2)
    merged_id = store.member_id(2)

    kept_id = merge(store)

    assert kept_id == store.member_id(1) == store.member_id(2)
    assert store.balances() == (0, 350, 150)
    redemption = store.redemption(redemption_id)
    assert (redemption.member_id, redemption.customer_id) == (kept_id, 1)
    with store.session() as session:
        gone = session.get_one(Member, merged_id)
        assert (gone.pending, gone.available, gone.held) == (0, 0, 0)
        assert gone.closed_at is not None
        # The better tier stays: 400 dollars make Silver.
        kept = session.get_one(Member, kept_id)
        assert session.get_one(Tier, kept.tier_id).name == "Silver"


def test_after_a_merge_orders_codes_and_refunds_find_the_kept_member(instant_store: Store):
    store = instant_store
    first = store.order(10_000, customer=1)
    second = store.order(20_000, customer=2)
    store.take_in(first, second)
    store.hold(points=150, customer=2)
    merge(store)

    used = store.order(100, customer=1, discount_codes=("RG-1",))
    store.take_in(used)
    assert store.balances() == (0, 151, 0)
    store.take_in(refunded(second, at=store.now + HOUR))
    assert store.balances() == (0, -49, 0)
    store.take_in(replace(used, updated_at=store.now + HOUR, cancelled_at=store.now + HOUR))

    assert store.balances() == (0, 100, 0)


def test_merging_twice_changes_nothing(instant_store: Store):
    store = instant_store
    store.take_in(store.order(10_000, customer=1), store.order(20_000, customer=2))

    merge(store)
    merge(store)

    assert store.balances() == (0, 300, 0)


def test_a_merge_delivered_before_anybody_is_known_ties_both_customers_to_one_member(store: Store):
    merge(store)
    enrol(store, customer(store, 2), customer(store, 1))
    store.take_in(store.order(5_000, customer=2), store.order(7_000, customer=1))

    assert store.member_id(1) == store.member_id(2)
    # Each signed up once, as had they been known before.
    assert store.balances() == (120, 100, 0)
    assert stored_name(store, 2) is None
    assert stored_name(store, 1) == b"sealed name"


@pytest.mark.parametrize("mergers", list(itertools.permutations([(1, 2), (3, 1), (3, 4)])))
def test_chains_of_merges_end_at_one_member_in_whatever_order_they_are_told(instant_store, mergers):
    store = instant_store
    store.take_in(*(store.order(1_000 * number, customer=number) for number in (1, 2, 3, 4)))

    for kept, merged in mergers:
        merge(store, kept, merged)

    assert len({store.member_id(number) for number in (1, 2, 3, 4)}) == 1
    assert store.balances(3) == (0, 100, 0)


def test_a_merge_told_after_the_deletion_still_finds_the_points(instant_store: Store):
    store = instant_store
    store.take_in(store.order(10_000, customer=1), store.order(5_000, customer=2))
    call(store, delete_customer, customer_id=2)

    merge(store)
    call(store, delete_customer, customer_id=2)

    assert store.balances() == (0, 150, 0)
    store.take_in(store.order(1_000, customer=2))
    assert store.balances() == (0, 160, 0)


def test_a_merge_into_a_customer_who_is_gone_lets_the_other_go_as_well(instant_store: Store):
    store = instant_store
    enrol(store, customer(store, 1), customer(store, 2))
    member_id = store.member_id(2)
    call(store, delete_customer, customer_id=1)

    assert merge(store) is None

    with store.session() as session:
        assert session.get_one(Member, member_id).closed_at is not None
    assert stored_name(store, 2) is None


def test_the_spend_of_both_can_reach_a_better_tier_than_either_had(instant_store: Store):
    store = instant_store
    store.take_in(store.order(20_000, customer=1), store.order(20_000, customer=2))

    kept_id = merge(store)

    with store.session() as session:
        kept = session.get_one(Member, kept_id)
        assert session.get_one(Tier, kept.tier_id).name == "Silver"


def test_two_redemptions_asked_for_with_the_same_key_survive_a_merge(instant_store: Store):
    store = instant_store
    store.take_in(store.order(10_000, customer=1), store.order(10_000, customer=2))
    store.hold(customer=1, key="same", code="RG-1")
    second = store.hold(customer=2, key="same", code="RG-2")

    merge(store)

    assert store.balances() == (0, 0, 200)
    assert store.redemption(second).idempotency_key == f"merged:{second}"


def test_points_of_a_used_redemption_return_to_a_lot_with_their_old_end_after_a_merge(
    store: Store,
):
    store.take_in(store.order(20_000, customer=2))
    store.later(days=15)
    [lot] = store.lots(2)
    store.hold(customer=2)
    used = store.order(0, customer=2, discount_codes=("RG-1",))
    store.take_in(used)
    store.take_in(store.order(0, customer=1))
    merge(store)

    store.later(hours=1)
    store.take_in(replace(used, updated_at=store.now, cancelled_at=store.now))

    assert store.balances() == (0, 200, 0)
    assert {each.expires_at for each in store.lots() if each.remaining} == {lot.expires_at}


def test_expired_points_of_a_merged_member_go_first_when_their_award_shrinks(database):
    store = open_store(database, ProgramRules(pending_days=0, expiry_months=1))
    old = store.order(10_000, customer=2)
    store.take_in(old)
    store.later(days=40)
    store.take_in(store.order(5_000, customer=1))
    merge(store)

    store.later(hours=1)
    store.take_in(refunded(old, at=store.now))

    # They were lost already: nothing more is taken.
    assert store.balances() == (0, 50, 0)
    assert_proved(store)


def test_a_write_off_moves_along_and_is_undone_when_its_award_grows_again(database):
    store = open_store(
        database, ProgramRules(pending_days=0, expiry_months=None, debt_policy="write_off")
    )
    order = store.order(10_000, customer=2)
    store.take_in(order, store.order(0, customer=1))
    store.hold(customer=2)
    store.take_in(store.order(0, customer=2, discount_codes=("RG-1",)))
    store.later(hours=1)
    store.take_in(refunded(order, at=store.now))
    assert store.balances(2) == (0, 0, 0)
    merge(store)

    store.later(hours=1)
    grown = replace(order, updated_at=store.now, lines=(line(1, 15_000),))
    store.take_in(grown)

    assert store.balances() == (0, 50, 0)
    assert_proved(store)


def assert_proved(store: Store):
    with store.session() as session:
        assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []


def test_a_debt_moves_along_with_its_member(instant_store: Store):
    store = instant_store
    spent = store.order(10_000, customer=2)
    store.take_in(store.order(30_000, customer=1), spent)
    store.hold(customer=2)
    store.take_in(store.order(0, customer=2, discount_codes=("RG-1",)))
    store.take_in(deleted_order_ids=[spent.order_id])
    assert store.balances(2) == (0, -100, 0)

    merge(store)

    assert store.balances() == (0, 200, 0)


def test_a_deleted_customer_is_forgotten_and_stays_away(instant_store: Store):
    store = instant_store
    enrol(store, customer(store))
    order = store.order(20_000)
    store.take_in(order)
    store.hold()
    member_id = store.member_id()

    call(store, delete_customer, customer_id=1)
    call(store, delete_customer, customer_id=1)
    enrol(store, customer(store, updated_at=store.now + HOUR))
    store.take_in(refunded(order, at=store.now + HOUR))

    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(MemberIdentity)) == 0
        member = session.get_one(Member, member_id)
        assert member.closed_at is not None
        assert (member.available, member.held) == (50, 0)
    assert stored_name(store) is None


def test_who_is_deleted_after_a_merge_is_gone_as_both(instant_store: Store):
    store = instant_store
    store.take_in(store.order(10_000, customer=1), store.order(20_000, customer=2))
    store.hold(customer=2)
    kept_id = merge(store)

    call(store, delete_customer, customer_id=1)
    store.take_in(store.order(5_000, customer=2))

    with store.session() as session:
        member = session.get_one(Member, kept_id)
        assert member.closed_at is not None
        assert (member.available, member.held) == (300, 0)
        assert session.scalar(select(func.count()).select_from(MemberIdentity)) == 0


def test_a_merge_of_who_was_merged_before_is_told_after_the_deletion(instant_store: Store):
    store = instant_store
    store.take_in(store.order(1_000, customer=1), store.order(2_000, customer=2))
    merge(store, 2, 1)
    call(store, delete_customer, customer_id=2)

    merge(store, 3, 1)

    assert store.balances(3) == (0, 30, 0)


def test_a_redacted_customer_leaves_only_numbers(instant_store: Store):
    store = instant_store
    enrol(store, customer(store))
    store.take_in(store.order(20_000))

    call(store, redact_customer, customer_id=1)
    call(store, redact_customer, customer_id=1)
    store.take_in(store.order(20_000))

    assert stored_name(store) is None
    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Posting)) == 2
        assert session.scalar(select(func.count()).select_from(MemberIdentity)) == 0
        waiting = session.scalars(
            select(CustomerOrder.customer_id).order_by(CustomerOrder.order_id)
        ).all()
        assert waiting[0] is None


def test_nothing_of_a_redacted_customer_stays_with_an_order_whose_edit_is_unpaid(store: Store):
    order = store.order(20_000, customer=977_001)
    edited = replace(order, updated_at=store.now + HOUR, financial_status="partially_paid")
    store.take_in(order)
    store.take_in(replace(edited, lines=(*edited.lines, line(2, 3_000)), outstanding_minor=3_000))

    call(store, redact_customer, customer_id=977_001)

    with store.session() as session:
        left = session.scalars(select(CustomerOrder)).one()
        assert left.paid_snapshot is not None
        assert "977001" not in f"{left.customer_id} {left.snapshot} {left.paid_snapshot}"


@pytest.mark.parametrize(
    "leave", [(delete_customer,), (redact_customer,), (delete_customer, redact_customer)]
)
def test_a_customer_who_left_and_comes_back_is_somebody_new(instant_store: Store, leave):
    store = instant_store
    enrol(store, customer(store))
    store.take_in(store.order(20_000))
    before = store.member_id()
    for service in leave:
        call(store, service, customer_id=1)

    # The same address, another number: nothing proves that it is the same person.
    enrol(store, customer(store, 2))

    assert store.member_id(2) != before
    assert store.balances(2) == (0, 50, 0)


def test_an_order_of_a_guest_is_awarded_when_a_customer_claims_it(store: Store):
    order = store.order(10_000, customer=None)
    store.take_in(order)
    store.later(days=3)
    store.take_in(replace(order, customer_id=1, updated_at=store.now))

    assert store.balances() == (100, 0, 0)
    # The lot runs from the payment, not from the claim.
    assert store.lots()[0].available_at == order.processed_at + timedelta(days=14)


def test_an_order_whose_customer_was_taken_off_earns_for_nobody(instant_store: Store):
    store = instant_store
    order = store.order()
    store.take_in(order, store.order(5_000))

    store.take_in(replace(order, updated_at=store.now + HOUR, customer_id=None))

    assert store.balances() == (0, 50, 0)
    assert owner(store, order.order_id) is None
    assert call(store, proof) == []


def test_taking_a_customer_off_comes_to_the_same_in_whatever_order_it_is_told(
    instant_store: Store,
):
    store = instant_store
    histories = []
    for history in itertools.permutations(range(4)):
        order = store.order(1_000)
        customers = (1, None, None, 2)
        states = [
            replace(order, updated_at=store.now + step * HOUR, customer_id=customers[step])
            for step in history
        ]
        histories.append((order, states))
        for state in states:
            store.take_in(state)

    assert {owner(store, order.order_id) for order, _ in histories} == {store.member_id(2)}
    assert store.balances(2) == (0, 10 * len(histories), 0)
    for order, states in histories:
        last = replace(order, updated_at=store.now + 5 * HOUR, customer_id=None)
        store.take_in(last, *states)
    assert store.balances(2) == (0, 0, 0)
    assert call(store, proof) == []


def test_an_order_that_names_nobody_any_more_stays_with_who_is_gone(instant_store: Store):
    store = instant_store
    order = store.order()
    store.take_in(order)
    member_id = store.member_id()
    call(store, delete_customer, customer_id=1)

    store.take_in(replace(order, updated_at=store.now + HOUR, customer_id=None))

    assert owner(store, order.order_id) == member_id
    assert sum_of_postings(store) == 100


def test_erasing_who_was_merged_into_another_takes_no_order_off_the_other(instant_store: Store):
    store = instant_store
    order = store.order(customer=2)
    store.take_in(store.order(), order)
    merge(store)
    call(store, redact_customer, customer_id=2)

    store.take_in(replace(order, updated_at=store.now + HOUR, customer_id=None))

    assert store.balances() == (0, 200, 0)
    assert call(store, proof) == []


def owner(store: Store, order_id: int) -> int | None:
    with store.session() as session:
        return session.scalar(
            select(CustomerOrder.member_id).where(CustomerOrder.order_id == order_id)
        )


def sum_of_postings(store: Store) -> int:
    with store.session() as session:
        points = func.sum(Member.pending + Member.available + Member.held)
        return session.scalar(select(points)) or 0


def proof(session, *, program_id, ledger_key, **_):
    return verify_ledger(session, program_id=program_id, ledger_key=ledger_key)


def test_a_redacted_customer_takes_all_of_themselves_along(instant_store: Store):
    """Also who they were before a merge and before a deletion, with what staff wrote of them."""
    store = instant_store
    enrol(store, customer(store, 1), customer(store, 2), customer(store, 3))
    for number in (1, 2, 3):
        note(store, number)
        store.take_in(store.order(20_000, customer=number))
    store.hold(customer=2)
    merge(store)
    call(store, delete_customer, customer_id=1)

    call(store, redact_customer, customer_id=1)
    call(store, redact_customer, customer_id=1)

    with store.session() as session:
        assert session.scalars(select(MemberIdentity.customer_id)).all() == [3]
        assert session.scalar(select(func.count()).select_from(PostingNote)) == 1
        owners = session.scalars(select(CustomerOrder.customer_id)).all()
        assert sorted(owners, key=str) == [3, None, None]
        told = session.scalars(select(CustomerOrder.snapshot["customer_id"].as_string())).all()
        assert sorted(told, key=str) == ["3", None, None]
        left = session.execute(
            select(
                Customer.name, Customer.email, Customer.email_hash, Customer.former_member_id
            ).where(Customer.customer_id.in_((1, 2)))
        )
        assert {tuple(row) for row in left} == {(None, None, None, None)}


def test_codes_of_a_redacted_customer_are_erased_once_they_are_gone_at_shopify(
    instant_store: Store,
):
    store = instant_store
    enrol(store, customer(store))
    store.take_in(store.order(20_000))
    redemption_id = store.hold()
    call(store, delete_customer, customer_id=1)

    call(store, redact_customer, customer_id=1)

    waiting = store.redemption(redemption_id)
    assert (waiting.state, waiting.code, waiting.due_at) == ("released", b"sealed", store.now)
    with store.session() as session:
        put_off_redemption(session, redemption_id, seen_as="released", due_at=None)
    assert store.redemption(redemption_id).code is None


def test_redacting_who_was_merged_into_another_leaves_the_other_alone(instant_store: Store):
    store = instant_store
    enrol(store, customer(store, 1), customer(store, 2))
    note(store, 1)
    note(store, 2)
    merge(store)

    call(store, redact_customer, customer_id=2)

    assert store.balances(1) == (0, 120, 0)
    assert stored_name(store, 1) == b"sealed name"
    with store.session() as session:
        assert session.scalars(select(MemberIdentity.customer_id)).all() == [1]
        assert session.scalar(select(func.count()).select_from(PostingNote)) == 1


def note(store: Store, number: int):
    member_id = store.member_id(number)
    with store.session() as session:
        adjust_points(
            session,
            program_id=store.program_id,
            member_id=member_id,
            points=10,
            key="gift",
            actor="staff:1",
            note=b"sealed words",
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def test_a_customer_who_was_never_seen_can_be_redacted(store: Store):
    call(store, redact_customer, customer_id=404)
    store.take_in(store.order(20_000, customer=404))

    with store.session() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 0


def test_a_redacted_shop_leaves_a_ledger_about_nobody(instant_store: Store):
    store = instant_store
    enrol(store, customer(store))
    order = store.order(20_000, discount_codes=("SUMMER",))
    store.take_in(order)
    edited = replace(order, updated_at=store.now + HOUR, outstanding_minor=1)
    store.take_in(replace(edited, financial_status="partially_refunded"))

    for _ in range(2):
        with store.session() as session:
            redact_shop(session, shop_id=store.shop_id, now=store.now)

    with store.session() as session:
        shop = session.get_one(Shop, store.shop_id)
        assert shop.domain == f"redacted-{store.shop_id}.myshopify.com"
        assert shop.access_token is None
        assert session.scalar(select(func.count()).select_from(Customer)) == 0
        assert session.scalars(select(Member)).one().closed_at is not None
        left = session.scalars(select(CustomerOrder)).one()
        assert (left.customer_id, left.name) == (None, "")
        assert (left.snapshot["lines"], left.snapshot["discount_codes"]) == ([], [])
        assert left.paid_snapshot is None
        assert session.scalar(select(func.count()).select_from(Posting)) == 2
        assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []
