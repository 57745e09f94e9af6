"""Customers, their orders and their mergers come to the same in whatever order they are told."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db.models import Customer, Member
from app.domain.program_rules import ProgramRules
from app.services.verify_ledger import verify_ledger
from tests.app.services.test_customers import customer, enrol, merge
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

RULES = ProgramRules(pending_days=0, expiry_months=None)
HOUR = timedelta(hours=1)


def happened(store: Store):
    """Return what Shopify tells of three customers who become one, each as something to do."""
    first, second, third = (store.order(1_000 * number, customer=number) for number in (1, 2, 3))
    later = replace(second, customer_id=1, updated_at=store.now + HOUR)
    return [
        lambda: enrol(store, customer(store, 1)),
        lambda: enrol(store, customer(store, 2)),
        lambda: enrol(store, customer(store, 2, name=b"newer", updated_at=store.now + HOUR)),
        lambda: enrol(store, customer(store, 3)),
        lambda: store.take_in(first),
        lambda: store.take_in(second),
        lambda: store.take_in(later),
        lambda: store.take_in(third, refunded(third, at=store.now + HOUR)),
        lambda: merge(store, 1, 2),
        lambda: merge(store, 1, 2),
        lambda: merge(store, 3, 1),
    ]


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(11)))
def test_in_any_order_three_merged_customers_have_the_same(database, order):
    store = open_store(database, RULES)
    events = happened(store)

    for number in order:
        events[number]()

    assert len({store.member_id(number) for number in (1, 2, 3)}) == 1
    # Three sign-ups, and two orders of 10 and 20 points that were not sent back.
    assert store.balances() == (0, 180, 0)
    with store.session() as session:
        named = session.scalars(select(Customer.customer_id).where(Customer.name.is_not(None)))
        assert named.all() == [3]
        open_members = session.scalars(select(Member.id).where(Member.closed_at.is_(None)))
        assert open_members.all() == [store.member_id(3)]
        assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []
