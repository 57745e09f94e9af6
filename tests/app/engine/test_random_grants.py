"""Random stores that grant points for past orders at any moment, whatever happens to them."""

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from app.domain.order_history import grant
from tests.app.engine.drafts import ORDERS
from tests.app.engine.machine import CUSTOMERS, RandomStore
from tests.app.engine.oracle import worth
from tests.app.engine.pure_driver import PureDriver

TERMS = settings(
    max_examples=50,
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class GrantingDriver(PureDriver):
    """Grants points for orders from before earning began, too."""

    def grant(self, order_ids: Sequence[int]) -> None:
        """Let these orders earn from now on."""
        self._run(partial(self._grant, order_ids))

    def _grant(self, order_ids: Sequence[int]) -> None:
        for order_id in order_ids:
            grant(self._tables.orders[order_id], self.now)
        self._take_in((), (), (), False, completed=order_ids)


class StoreWithAPast(RandomStore):
    """A random store in which staff grant points for past orders."""

    make = staticmethod(GrantingDriver)

    def __init__(self) -> None:
        super().__init__()
        self.granted: set[int] = set()

    @rule(customer=CUSTOMERS, draft=ORDERS, days=st.integers(500, 900))
    def place_past_order(self, customer: int, draft: dict, days: int) -> None:
        """An order of long ago turns up."""
        self._pass(1)
        self._place(draft, customer, None, before=days)

    @precondition(lambda self: self._past_ids())
    @rule()
    def grant_the_past(self) -> None:
        """All past orders that are known by now are granted, some for the second time."""
        known = self._past_ids()
        self.driver.grant(known)
        self.granted |= set(known)

    def _past_ids(self) -> list[int]:
        return [
            id_
            for id_, order in self.shop.orders.items()
            if order.told and order.now.processed_at < self.shop.earning_starts_at
        ]

    def teardown(self) -> None:
        """Ask the oracle, and then for past orders: granted ones have an award, others none."""
        super().teardown()
        if not hasattr(self, "driver"):
            return
        awards = self.driver.books().awards
        for id_ in self._past_ids():
            order = self.shop.orders[id_]
            owner = order.now.customer_id
            if id_ not in self.granted:
                assert id_ not in awards, order
            elif owner is not None and self.shop.kept(owner) not in self.shop.gone:
                rules = self.shop.rules_at(order.now.processed_at)
                assert id_ in awards or 0 in worth(order, rules, 10_000), order


def test_granted_orders_end_at_what_the_oracle_says():
    run_state_machine_as_test(StoreWithAPast, settings=TERMS)


@pytest.mark.soak
def test_thousands_of_stores_with_a_past_end_at_what_the_oracle_says():
    longer = settings(TERMS, max_examples=3_000, stateful_step_count=30, derandomize=False)

    run_state_machine_as_test(StoreWithAPast, settings=longer)
