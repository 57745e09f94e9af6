"""When an order was paid, if it was paid long before the app first hears of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.models import CustomerOrder
from app.db.queries.facts_wanted import waiting_orders
from app.db.rulebook import load_rulebook
from app.domain.program_rules import ProgramRules
from app.services.pin_order_facts import pin_order_facts
from tests.fixtures.orders import line
from tests.fixtures.stores import LEDGER_KEY, START, Store, open_store

DAY = timedelta(days=1)
PENDING = timedelta(days=14)


@pytest.fixture
def late(store: Store):
    """An order of $50 that was placed at the start, and is paid when it is first told of."""
    store.later(days=3)
    return store.order(5_000, created_at=START, processed_at=START)


def ask_shopify(store: Store, *told):
    """Do what the job does that asks for what orders wait for; return which orders it asked of."""
    with store.session() as session:
        orders = waiting_orders(
            session, store.shop_id, load_rulebook(session, store.program_id), 100
        )
        pin_order_facts(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            orders=orders,
            products={},
            customers={},
            told=told,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )
    return [order.order_id for order in orders if order.payment_unknown]


def paid_at(store: Store):
    with store.session() as session:
        return session.scalars(select(CustomerOrder.paid_at)).one()


def test_an_order_waits_until_shopify_has_told_when_it_was_paid(store: Store, late):
    result = store.take_in(late)
    assert (result.facts_wanted, result.orders_awarded, paid_at(store)) == (True, 0, None)

    assert ask_shopify(store, replace(late, told_paid_at=START + 2 * DAY)) == [late.order_id]

    assert store.balances() == (50, 0, 0)
    assert [lot.available_at for lot in store.lots()] == [START + 2 * DAY + PENDING]
    assert ask_shopify(store) == []


def test_where_shopify_does_not_know_it_was_paid_when_it_was_placed(store: Store, late):
    store.take_in(late)

    assert ask_shopify(store) == [late.order_id]

    assert [lot.available_at for lot in store.lots()] == [START + PENDING]
    assert ask_shopify(store) == []


def test_an_earlier_state_that_tells_comes_late(store: Store, late):
    store.take_in(late)

    store.take_in(replace(late, updated_at=START + timedelta(minutes=1)))

    assert [lot.available_at for lot in store.lots()] == [START + PENDING]
    assert ask_shopify(store) == []


def test_later_states_do_not_tell_when_it_was_paid(store: Store, late):
    edited = replace(
        late,
        updated_at=store.now + DAY,
        financial_status="partially_paid",
        lines=(*late.lines, line(2, 3_000)),
        outstanding_minor=3_000,
    )
    store.take_in(late)
    store.take_in(edited)
    paid_again = replace(
        edited, updated_at=store.now + 2 * DAY, financial_status="paid", outstanding_minor=0
    )
    store.take_in(paid_again)
    assert paid_at(store) is None

    ask_shopify(store, replace(paid_again, told_paid_at=START + DAY))

    assert store.balances() == (80, 0, 0)
    assert paid_at(store) == START + DAY


def test_nobody_is_asked_about_orders_that_earn_nothing(store: Store, late):
    cancelled = replace(late, cancelled_at=store.now)

    assert not store.take_in(cancelled).facts_wanted
    assert ask_shopify(store) == []


def test_an_order_that_was_seen_unpaid_is_paid_when_that_is_told(store: Store, late):
    store.take_in(replace(late, financial_status="authorized", updated_at=START))

    assert not store.take_in(late).facts_wanted

    assert paid_at(store) == late.updated_at


def test_an_order_imported_as_paid_was_paid_when_it_was_placed(store: Store, late):
    imported = replace(late, created_at=store.now, updated_at=store.now + timedelta(minutes=1))

    assert not store.take_in(imported).facts_wanted

    assert paid_at(store) == START


def test_orders_that_earn_when_they_are_fulfilled_do_not_wait_for_it(database):
    store = open_store(database, ProgramRules(earn_on="fulfilled"))
    store.later(days=3)
    order = store.order(5_000, created_at=START, processed_at=START, fulfilled=True)

    assert not store.take_in(order).facts_wanted

    assert store.balances() == (50, 0, 0)
