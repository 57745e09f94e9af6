"""A real history of purchases comes to the points that an independent reckoning gives."""

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.order_snapshot import OrderSnapshot
from app.domain.program_rules import ProgramRules
from app.services.save_tiers import TierDraft, save_tiers
from app.services.verify_ledger import verify_ledger
from tests.fixtures.orders import line, paid_order
from tests.fixtures.stores import LEDGER_KEY, Store, open_store

ORDERS = 5_000
BATCH = 500
FIRST = datetime(1997, 1, 1, tzinfo=UTC)


@pytest.fixture
def purchases(shared_data):
    """The first purchases of the CDNOW history: (order, customer, day, dollars)."""
    with (shared_data / "CDNOW_master.txt").open() as file:
        rows = [text.split() for _, text in zip(range(ORDERS), file, strict=False)]
    return [
        (number, int(customer), datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC), dollars)
        for number, (customer, day, _, dollars) in enumerate(rows, 1)
    ]


@pytest.fixture
def cdnow_store(database) -> Store:
    """A programme of one point a dollar, without tiers that multiply, waiting or expiry."""
    rules = ProgramRules(pending_days=0, expiry_months=None, sign_up_points=0)
    return open_store(database, rules, earning_starts_at=FIRST, now=FIRST)


def without_tiers(store: Store) -> None:
    with store.session() as session:
        save_tiers(
            session,
            program_id=store.program_id,
            tiers=[TierDraft(name="All", threshold=0, multiplier_bp=10_000)],
            now=store.now,
        )


def purchase_order(number, customer, at, dollars) -> OrderSnapshot:
    total = line(number, int(Decimal(dollars) * 100))
    return paid_order(number, total, at=at, customer=customer, fulfilled=True)


def test_shuffled_and_doubled_purchases_earn_a_point_for_each_whole_dollar(cdnow_store, purchases):
    without_tiers(cdnow_store)
    expected: Counter[int] = Counter()
    for _, customer, _, dollars in purchases:
        expected[customer] += int(Decimal(dollars))
    orders = [purchase_order(*purchase) for purchase in purchases]
    rng = random.Random(1997)
    orders += rng.sample(orders, ORDERS // 10)
    rng.shuffle(orders)

    for start in range(0, len(orders), BATCH):
        cdnow_store.take_in(*orders[start : start + BATCH])

    assert cdnow_store.balances_in_all() == expected
    with cdnow_store.session() as session:
        found = verify_ledger(session, program_id=cdnow_store.program_id, ledger_key=LEDGER_KEY)
    assert found == []
