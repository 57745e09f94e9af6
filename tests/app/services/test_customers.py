"""Customers become members, merge, and go without the ledger changing."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from app.db.models import Customer, CustomerOrder, Member, MemberIdentity, Posting, Shop, Tier
from app.services.delete_customer import delete_customer
from app.services.enrol_customers import CustomerState, PersonalData, enrol_customers
from app.services.merge_members import merge_members
from app.services.redact_customer import redact_customer
from app.services.redact_shop import redact_shop
from app.services.verify_ledger import verify_ledger
from tests.fixtures.stores import LEDGER_KEY, Store, refunded

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
        assert session.scalar(select(func.count()).select_from(Posting)) == 2
        assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []
