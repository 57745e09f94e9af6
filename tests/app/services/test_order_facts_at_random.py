"""Whatever happens to an order, and whenever its facts come: its award is that of how it ends."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db.awards import load_order_awards
from app.db.order_inputs import load_order_inputs
from app.db.queries.facts_wanted import waiting_orders
from app.db.rulebook import load_rulebook
from app.domain.award import Pin, reckon_order
from app.domain.order_facts import CustomerFacts, OrderFacts, ProductFacts
from app.domain.order_input import reckon
from app.domain.order_snapshot import OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules
from app.domain.spend import spend_of
from app.services.pin_order_facts import pin_order_facts
from app.services.verify_ledger import verify_ledger
from tests.fixtures.orders import line
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

PIN = Pin(rule_version_id=1, tier_id=None)
PAID = ("paid", "partially_refunded")
PRODUCTS = {
    1: ProductFacts(tags=("tea",), collection_ids=(7,)),
    2: ProductFacts(tags=("Sale",)),
    3: ProductFacts(),
    4: ProductFacts(tags=("gift",), collection_ids=(9, 8)),
}
CUSTOMERS = {
    1: CustomerFacts(tags=("VIP",), has_account=True),
    2: CustomerFacts(tags=("Staff",), has_account=True),
    3: CustomerFacts(),
}
FACTS = OrderFacts(products=PRODUCTS, customers=CUSTOMERS)
RULES = st.builds(
    ProgramRules,
    excluded_product_tags=st.sampled_from([(), ("sale",), ("gift", "none")]),
    excluded_collection_ids=st.sampled_from([(), (7,), (8,)]),
    excluded_customer_tags=st.sampled_from([(), ("staff",)]),
    guests=st.sampled_from(["earn", "signed_in_only"]),
    sign_up_points=st.just(0),
)
CHANGES = st.lists(
    st.sampled_from(["add", "add unpaid", "pay", "send back", "move", "cancel"]), max_size=6
)


class Told:
    """An order's life: every state and refund that was told, the last one true."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self._chance = chance
        self.now = store.order(
            lines=(line(1, 3_000, quantity=2), line(2, 2_000)),
            financial_status=chance.choice(["paid", "pending"]),
            customer=chance.choice([1, 2, 3]),
        )
        self.states: list[OrderSnapshot] = [self.now]
        self.refunds: list[Refund] = []

    def change(self, what: str) -> None:
        changes = getattr(self, "_" + what.replace(" ", "_"))()
        later = self.now.updated_at + timedelta(minutes=1)
        self.now = replace(self.now, updated_at=later, **changes)
        self.states.append(self.now)

    def _add(self) -> dict:
        number = len(self.now.lines) + 1
        more = line(number, 1_500, product_id=self._chance.choice([1, 2, 3, 4]))
        return {"lines": (*self.now.lines, more)}

    def _add_unpaid(self) -> dict:
        status = "partially_paid" if self.now.financial_status in PAID else "pending"
        return self._add() | {"financial_status": status}

    def _pay(self) -> dict:
        return {"financial_status": "paid"}

    def _send_back(self) -> dict:
        if self.now.financial_status not in PAID:
            return {}
        back = self._chance.choice([each for each in self.now.lines if each.current_quantity])
        refund = Refund(
            refund_id=len(self.refunds) + 1,
            created_at=self.now.updated_at,
            line_quantities=((back.line_id, 1),),
        )
        self.refunds.append(refund)
        lines = tuple(
            replace(each, current_quantity=each.current_quantity - 1) if each is back else each
            for each in self.now.lines
        )
        if not any(each.current_quantity for each in lines):
            return self._pay()
        return {
            "lines": lines,
            "refunds": (*self.now.refunds, refund),
            "financial_status": "partially_refunded",
        }

    def _move(self) -> dict:
        return {"customer_id": self._chance.choice([1, 2, 3])}

    def _cancel(self) -> dict:
        return {"cancelled_at": self.now.cancelled_at or self.now.updated_at}

    def worth(self, rules: ProgramRules) -> int | None:
        """Return what the order is worth as it ended; None when it was never paid."""
        paid = [state for state in self.states if state.financial_status in PAID]
        if not paid:
            return None
        cap = spend_of(paid[-1], rules, FACTS).spend_minor
        return reckon_order(self.now, rules, PIN, facts=FACTS, paid_spend_minor=cap).points


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rules=RULES, changes=CHANGES, seed=st.integers(0, 10_000), fetches=st.integers(0, 3))
def test_an_orders_award_is_that_of_how_it_ends(database, rules, changes, seed, fetches):
    chance = random.Random(seed)
    store = open_store(database, rules)
    told = Told(store, chance)
    for change in changes:
        told.change(change)
    refunds = [refund for refund in told.refunds if refund in told.now.refunds]
    arrivals = [*told.states, *chance.sample(told.states, 1), *refunds, *(["fetch"] * fetches)]
    chance.shuffle(arrivals)

    for arrival in arrivals:
        if arrival == "fetch":
            pin(store)
        elif isinstance(arrival, Refund):
            store.take_in(refunds=[(told.now.order_id, arrival)])
        else:
            store.take_in(arrival)
    pin(store)

    worth = told.worth(rules)
    owner = told.now.customer_id
    for customer in {state.customer_id for state in told.states}:
        due = worth or 0 if customer == owner else 0
        assert pending(store, customer) == due
    with store.session() as session:
        assert (
            waiting_orders(session, store.shop_id, load_rulebook(session, store.program_id), 9)
            == []
        )
        assert verify_ledger(session, program_id=store.program_id, ledger_key=LEDGER_KEY) == []
    if worth is not None:
        assert reckoned_again(store, told.now.order_id) == worth


def pin(store: Store) -> None:
    with store.session() as session:
        rulebook = load_rulebook(session, store.program_id)
        pin_order_facts(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            orders=waiting_orders(session, store.shop_id, rulebook, 100),
            products=PRODUCTS,
            customers=CUSTOMERS,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def pending(store: Store, customer: int) -> int:
    try:
        return store.balances(customer)[0]
    except AssertionError:
        return 0


def reckoned_again(store: Store, order_id: int) -> int:
    with store.session() as session:
        order = load_order_inputs(session, store.shop_id, [order_id])[order_id]
        source = f"{store.shop_id}:{order_id}"
        award = load_order_awards(session, store.program_id, [source])[source]
        rules = load_rulebook(session, store.program_id).pinned(award.pin)
    assert reckon(order, rules, award.pin).points == award.points
    return award.points
