"""Orders wait for the facts that their rules ask about, are reckoned with them, and keep them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.db.awards import load_order_awards
from app.db.models import Award, CustomerOrder, OrderFact
from app.db.order_inputs import load_order_inputs
from app.db.queries.facts_wanted import waiting_orders
from app.db.rulebook import load_rulebook
from app.domain.award import Pin, reckon_order
from app.domain.order_facts import CustomerFacts, MissingFacts, OrderFacts, ProductFacts
from app.domain.order_input import reckon
from app.domain.order_snapshot import Refund
from app.domain.program_rules import ProgramRules
from app.domain.receipt import stored_line
from app.domain.spend import spend_of
from app.services.note_signed_in import note_signed_in
from app.services.pin_order_facts import pin_order_facts
from app.services.redact_customer import redact_customer
from app.services.redact_shop import redact_shop
from tests.fixtures.orders import line
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

SALE = ProductFacts(tags=("Sale", "tea"), collection_ids=(7,))
PLAIN = ProductFacts(tags=("tea",), collection_ids=(8,))
HOUR = timedelta(hours=1)
PIN = Pin(rule_version_id=1, tier_id=None)


@pytest.fixture
def store(database):
    return open_store(
        database, ProgramRules(excluded_product_tags=("sale",), excluded_collection_ids=(9,))
    )


@pytest.fixture
def members_only(database):
    return open_store(
        database, ProgramRules(guests="signed_in_only", excluded_customer_tags=("staff",))
    )


def waiting(store: Store) -> dict[int, MissingFacts]:
    with store.session() as session:
        rulebook = load_rulebook(session, store.program_id)
        found = waiting_orders(session, store.shop_id, rulebook, 100)
    return {order.order_id: order.missing for order in found}


def pin(store: Store, products=None, customers=None):
    with store.session() as session:
        rulebook = load_rulebook(session, store.program_id)
        return pin_order_facts(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            orders=waiting_orders(session, store.shop_id, rulebook, 100),
            products=products or {},
            customers=customers or {},
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def receipt(store: Store, order_id: int):
    with store.session() as session:
        award = session.scalars(
            select(Award).where(Award.source_id == f"{store.shop_id}:{order_id}")
        ).one()
        return [(each["kind"], each["points"]) for each in award.receipt]


def assert_reckoned_again_is_the_same(store: Store, order_id: int):
    with store.session() as session:
        order = load_order_inputs(session, store.shop_id, [order_id])[order_id]
        source = f"{store.shop_id}:{order_id}"
        award = load_order_awards(session, store.program_id, [source])[source]
        rulebook = load_rulebook(session, store.program_id)
        stored = session.scalars(select(Award.receipt).where(Award.id == award.id)).one()
    again = reckon(order, rulebook.pinned(award.pin), award.pin)
    assert again.points == award.points
    assert [stored_line(each) for each in again.receipt] == stored


def test_without_such_rules_no_order_waits(instant_store: Store):
    result = instant_store.take_in(instant_store.order(5_000))

    assert not result.facts_wanted
    assert waiting(instant_store) == {}


def test_an_order_waits_for_its_products_facts_and_is_awarded_with_them(store: Store):
    order = store.order(lines=(line(1, 3_000), line(2, 2_000)))

    result = store.take_in(order)

    assert result.facts_wanted
    assert (result.orders_stored, result.orders_awarded) == (1, 0)
    assert waiting(store) == {order.order_id: MissingFacts(frozenset({1, 2}), None)}
    pin(store, {1: SALE, 2: PLAIN})
    assert store.balances() == (20, 0, 0)
    assert receipt(store, order.order_id) == [("excluded_tag", 0), ("line", 20)]
    assert waiting(store) == {}
    assert_reckoned_again_is_the_same(store, order.order_id)


def test_what_is_pinned_never_changes(store: Store):
    order = store.order(3_000)
    store.take_in(order)
    pin(store, {1: PLAIN})

    store.later(hours=1)
    pin(store, {1: SALE})
    store.take_in(replace(order, updated_at=store.now, name="#1"))

    assert store.balances() == (30, 0, 0)


def test_a_product_that_an_edit_adds_is_asked_for_by_itself(store: Store):
    order = store.order(3_000)
    store.take_in(order)
    pin(store, {1: PLAIN})
    store.later(hours=1)
    edited = replace(order, updated_at=store.now, lines=(*order.lines, line(2, 4_000)))

    store.take_in(edited)

    assert store.balances() == (30, 0, 0)
    assert waiting(store) == {order.order_id: MissingFacts(frozenset({2}), None)}
    pin(store, {2: PLAIN})
    assert store.balances() == (70, 0, 0)
    assert_reckoned_again_is_the_same(store, order.order_id)


def test_an_edit_before_the_facts_come_leaves_what_was_paid(store: Store):
    order = store.order(lines=(line(1, 3_000), line(2, 2_000)))
    store.take_in(order)
    store.later(hours=1)
    store.take_in(
        replace(
            order,
            updated_at=store.now,
            financial_status="partially_paid",
            lines=(*order.lines, line(3, 9_000)),
        )
    )

    pin(store, {1: SALE, 2: PLAIN, 3: PLAIN})

    assert store.balances() == (20, 0, 0)
    assert receipt(store, order.order_id)[-1] == ("unpaid_part", 0)
    assert_reckoned_again_is_the_same(store, order.order_id)


def test_a_paid_state_that_arrives_late_is_reckoned_with_the_facts_too(store: Store):
    order = store.order(lines=(line(1, 3_000), line(2, 2_000)))
    edited = replace(
        order,
        updated_at=store.now + HOUR,
        financial_status="partially_paid",
        lines=(*order.lines, line(3, 9_000)),
    )
    store.take_in(edited)
    store.take_in(order)

    pin(store, {1: SALE, 2: PLAIN, 3: PLAIN})

    assert store.balances() == (20, 0, 0)
    assert_reckoned_again_is_the_same(store, order.order_id)


def test_an_order_that_earns_nothing_anyhow_waits_for_nothing(store: Store):
    unpaid = store.order(3_000, financial_status="pending")
    cancelled = store.order(3_000, cancelled_at=store.now)

    assert not store.take_in(unpaid, cancelled).facts_wanted


def test_cancelling_an_order_that_waits_ends_its_waiting(store: Store):
    order = store.order(3_000)
    store.take_in(order)

    store.later(hours=1)
    store.take_in(replace(order, updated_at=store.now, cancelled_at=store.now))

    assert waiting(store) == {}
    assert store.balances() == (0, 0, 0)


def test_a_refund_while_the_order_waits_is_seen_when_the_facts_come(store: Store):
    order = store.order(3_000)
    store.take_in(order)

    sent_back = Refund(refund_id=1, created_at=store.now, line_quantities=((1, 1),))
    store.take_in(refunds=[(order.order_id, sent_back)])
    pin(store, {1: PLAIN})

    assert receipt(store, order.order_id) == [("removed", 0)]


def test_guests_earn_nothing_where_only_accounts_do(members_only: Store):
    guest, member = members_only.order(3_000), members_only.order(3_000, customer=2)
    members_only.take_in(guest, member)

    pin(
        members_only,
        customers={1: CustomerFacts(), 2: CustomerFacts(has_account=True)},
    )

    assert members_only.balances(1) == (0, 0, 0)
    assert members_only.balances(2) == (30, 0, 0)
    assert receipt(members_only, guest.order_id) == [("guest", 0)]


def test_who_was_seen_signed_in_has_an_account_whatever_shopify_says(members_only: Store):
    members_only.take_in(members_only.order(3_000))
    with members_only.session() as session:
        note_signed_in(session, shop_id=members_only.shop_id, customer_id=1, now=members_only.now)

    pin(members_only, customers={1: CustomerFacts()})

    assert members_only.balances() == (30, 0, 0)


def test_a_guest_order_claimed_later_earns_for_whom_claimed_it(members_only: Store):
    order = members_only.order(3_000)
    members_only.take_in(order)
    pin(members_only, customers={1: CustomerFacts()})

    members_only.later(days=1)
    members_only.take_in(replace(order, customer_id=2, updated_at=members_only.now))
    pin(members_only, customers={2: CustomerFacts(has_account=True)})

    assert members_only.balances(1) == (0, 0, 0)
    assert members_only.balances(2) == (30, 0, 0)
    assert_reckoned_again_is_the_same(members_only, order.order_id)


def test_of_a_customers_tags_only_those_are_kept_that_the_rules_name(members_only: Store):
    order = members_only.order(3_000)
    members_only.take_in(order)

    pin(members_only, customers={1: CustomerFacts(tags=("Staff", "allergic"), has_account=True)})

    assert receipt(members_only, order.order_id) == [("excluded_customer", 0)]
    with members_only.session() as session:
        [facts] = session.scalars(
            select(OrderFact.facts).where(OrderFact.shop_id == members_only.shop_id)
        )
    assert facts == {"tags": ["Staff"], "has_account": True}


def test_a_redacted_customers_order_is_still_reckoned_as_it_was(members_only: Store):
    order = members_only.order(3_000)
    members_only.take_in(order)
    pin(members_only, customers={1: CustomerFacts(tags=("staff",), has_account=True)})

    with members_only.session() as session:
        redact_customer(
            session,
            shop_id=members_only.shop_id,
            program_id=members_only.program_id,
            customer_id=1,
            now=members_only.now,
            ledger_key=LEDGER_KEY,
        )

    with members_only.session() as session:
        ids = session.scalars(select(OrderFact.subject_id)).all()
    assert ids == [0]
    assert_reckoned_again_is_the_same(members_only, order.order_id)


def test_a_product_deleted_since_stays_what_its_line_was_bought_as(database):
    store = open_store(database, ProgramRules(excluded_product_ids=(1,)))
    order = store.order(lines=(line(1, 3_000), line(2, 2_000)))
    store.take_in(order)
    store.later(hours=1)
    forgotten = replace(
        order,
        updated_at=store.now,
        lines=(line(1, 3_000, product_id=None), line(2, 2_000, product_id=None)),
    )

    store.take_in(forgotten)
    again = store.take_in(forgotten)

    assert receipt(store, order.order_id) == [("excluded_product", 0), ("line", 20)]
    assert (again.orders_stored, again.fetch_order_ids) == (0, ())


def test_a_late_state_tells_the_newest_what_its_lines_were_bought_as(database):
    store = open_store(database, ProgramRules(excluded_product_ids=(1,)))
    order = store.order(lines=(line(1, 3_000), line(2, 2_000)))
    forgotten = replace(
        order, updated_at=store.now + HOUR, lines=(line(1, 3_000, product_id=None), line(2, 2_000))
    )

    store.take_in(forgotten)
    store.take_in(order)

    assert receipt(store, order.order_id) == [("excluded_product", 0), ("line", 20)]
    assert_reckoned_again_is_the_same(store, order.order_id)


def test_redacting_the_shop_leaves_no_facts(members_only: Store):
    members_only.take_in(members_only.order(3_000))
    pin(members_only, customers={1: CustomerFacts(tags=("staff",), has_account=True)})

    with members_only.session() as session:
        redact_shop(session, shop_id=members_only.shop_id, now=members_only.now)

    with members_only.session() as session:
        assert session.scalar(select(func.count()).select_from(OrderFact)) == 0


def test_facts_are_the_tenants_own(store: Store, members_only: Store):
    store.take_in(store.order(3_000))
    pin(store, {1: PLAIN})

    with members_only.session() as session:
        assert session.scalar(select(func.count()).select_from(OrderFact)) == 0
        assert (
            session.scalar(
                select(func.count()).select_from(CustomerOrder).where(CustomerOrder.facts_wanted)
            )
            == 0
        )


STATES = ("paid", "edited", "paid again", "sent back")
FETCH = "fetch"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    arrivals=st.lists(st.sampled_from([*STATES, FETCH]), max_size=10),
    known=st.sets(st.sampled_from(STATES), min_size=1),
)
def test_whenever_the_facts_come_the_award_is_that_of_the_final_state(database, arrivals, known):
    store = open_store(database, ProgramRules(excluded_product_tags=("sale",)))
    states = history_of_an_edited_order(store)
    facts = {1: SALE, 2: PLAIN, 3: PLAIN, 4: SALE}

    for arrival in [*(each for each in arrivals if each in (*known, FETCH)), *sorted(known)]:
        if arrival == FETCH:
            pin(store, facts)
        else:
            store.take_in(states[arrival])
    pin(store, facts)

    told = [states[name] for name in STATES if name in known]
    newest = told[-1]
    paid = [state for state in told if state.financial_status != "partially_paid"]
    order_facts = OrderFacts(products=facts)
    rules = ProgramRules(excluded_product_tags=("sale",))
    cap = spend_of(paid[-1], rules, order_facts).spend_minor if paid else None
    expected = reckon_order(newest, rules, PIN, facts=order_facts, paid_spend_minor=cap)
    assert waiting(store) == {}
    if paid:
        assert store.balances() == (expected.points, 0, 0)
        assert_reckoned_again_is_the_same(store, newest.order_id)
    else:
        assert store.balances() == (0, 0, 0)


def history_of_an_edited_order(store: Store):
    """Return an order's states by name: $50 paid, edited to $120, paid, and a line sent back."""
    order = store.order(lines=(line(1, 3_000), line(2, 2_000)))
    edited = replace(
        order,
        updated_at=store.now + HOUR,
        financial_status="partially_paid",
        lines=(*order.lines, line(3, 5_000), line(4, 2_000)),
    )
    paid_again = replace(edited, updated_at=store.now + 2 * HOUR, financial_status="paid")
    sent_back = replace(
        paid_again,
        updated_at=store.now + 3 * HOUR,
        financial_status="partially_refunded",
        lines=(order.lines[0], replace(order.lines[1], current_quantity=0), *edited.lines[2:]),
    )
    return dict(zip(STATES, (order, edited, paid_again, sent_back), strict=True))
