"""A review of everybody and a drain at once: nothing is lost, and neither stops the other."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.db.models import Member, MemberIdentity, Tier, TierChange
from app.db.tier_reviews import lock_members
from app.domain.program_defaults import TierDraft, default_tiers
from app.domain.tier_terms import TierTerms
from app.flows.revise_tiers import revise_tiers
from app.services.award_orders import award_orders
from app.services.save_tiers import save_tiers
from tests.fixtures.stores import LEDGER_KEY, Store

BRONZE, SILVER, GOLD = default_tiers("USD")
LOW = (BRONZE, replace(SILVER, threshold=1_000), replace(GOLD, threshold=4_000))
HIGH = (BRONZE, replace(SILVER, threshold=2_000), replace(GOLD, threshold=6_000))
TERMS = TierTerms(grace_days=0)
CUSTOMERS = range(1, 25)
ROUNDS = 8


@pytest.fixture
def small_parts(monkeypatch):
    """Reviews go in several parts, two side by side, though members are few."""
    monkeypatch.setattr("app.flows.revise_tiers.MEMBERS_AT_A_TIME", 5)


@pytest.mark.usefixtures("small_parts")
def test_a_review_and_a_drain_at_once_lose_nothing(store: Store):
    # Customers in another order each round, as they come.
    rounds = [
        [
            store.order(100 * customer, customer=customer)
            for customer in (CUSTOMERS if number % 2 else reversed(CUSTOMERS))
        ]
        for number in range(ROUNDS)
    ]
    store.take_in(*rounds[0])
    drained = Event()

    def drain() -> None:
        try:
            for orders in rounds[1:]:
                store.take_in(*orders)
        finally:
            drained.set()

    def publish() -> int:
        published = 0
        while not drained.is_set() or published < 2:
            save(store, HIGH if published % 2 else LOW)
            revise_tiers(store.database, program_id=store.program_id, now=store.now)
            published += 1
        return published

    with ThreadPoolExecutor(2) as pool:
        draining, publishing = pool.submit(drain), pool.submit(publish)
        draining.result()
        publishing.result()
    save(store, HIGH)
    revise_tiers(store.database, program_id=store.program_id, now=store.now)

    spent = {customer: ROUNDS * 100 * customer for customer in CUSTOMERS}
    assert tiers(store) == {customer: name_for(spend) for customer, spend in spent.items()}
    assert set(tiers(store).values()) == {"Bronze", "Silver", "Gold"}


@pytest.mark.parametrize("by_old_settings", [False, True], ids=["by new ones", "by old ones"])
def test_who_joins_under_a_review_of_everybody_keeps_what_an_order_raises_them_to(
    store: Store, monkeypatch: pytest.MonkeyPatch, by_old_settings: bool
):
    joining = Buying(store, 1_500, customer=2)
    raising = Buying(store, 5_000, customer=2)
    store.take_in(store.order(100, customer=1))
    with ThreadPoolExecutor(3) as pool:

        def lock_and_let_one_join(session: Session, *args: Any, **chosen: Any) -> None:
            lock_members(session, *args, **chosen)
            # All are locked but who comes now, and then buys again while the others are decided.
            if not by_old_settings:
                joining.begin(pool)
            joining.commit()
            if raising.running is None:
                raising.begin(pool)

        monkeypatch.setattr("app.services.revise_tiers.lock_members", lock_and_let_one_join)
        if by_old_settings:
            joining.begin(pool)
        save(store, LOW)
        review = pool.submit(
            revise_tiers, store.database, program_id=store.program_id, now=store.now
        )
        wait_for_a_lock(store)
        raising.commit()
        review.result()

    assert tiers(store) == {1: "Bronze", 2: "Gold"}
    with store.session() as session:
        reached = session.scalars(select(TierChange.to_name).order_by(TierChange.id)).all()
    assert reached == (["Gold"] if by_old_settings else ["Silver", "Gold"])


@dataclass
class Buying:
    """An order that is taken in, and committed when that is asked for."""

    store: Store
    total: int
    customer: int
    running: Future[None] | None = None
    taken_in: Event = field(default_factory=Event)
    may_commit: Event = field(default_factory=Event)

    def begin(self, pool: ThreadPoolExecutor) -> None:
        if self.running is None:
            self.running = pool.submit(self._run)
            assert self.taken_in.wait(60)

    def commit(self) -> None:
        assert self.running is not None
        self.may_commit.set()
        self.running.result(60)

    def _run(self) -> None:
        with self.store.session() as session:
            award_orders(
                session,
                shop_id=self.store.shop_id,
                program_id=self.store.program_id,
                snapshots=[self.store.order(self.total, customer=self.customer)],
                now=self.store.now,
                ledger_key=LEDGER_KEY,
            )
            self.taken_in.set()
            assert self.may_commit.wait(60)


def wait_for_a_lock(store: Store) -> None:
    """Wait until a transaction waits for another's row."""
    waiting = text(
        "select count(*) from pg_locks where locktype = 'transactionid' and not granted"
        " and pid in (select pid from pg_stat_activity where datname = current_database())"
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with store.session() as session:
            if session.scalar(waiting):
                return
        time.sleep(0.02)
    raise AssertionError("Nothing waited for a lock.")


def save(store: Store, drafts: Sequence[TierDraft]) -> None:
    with store.session() as session:
        ids = dict(session.execute(select(Tier.name, Tier.id)).all())
        save_tiers(
            session,
            program_id=store.program_id,
            tiers=[replace(draft, id=ids[draft.name]) for draft in drafts],
            terms=TERMS,
            now=store.now,
        )


def tiers(store: Store) -> dict[int, str]:
    with store.session() as session:
        return dict(
            session.execute(
                select(MemberIdentity.customer_id, Tier.name)
                .join(Member, Member.id == MemberIdentity.member_id)
                .join(Tier, Tier.id == Member.tier_id)
            ).all()
        )


def name_for(spend: int) -> str:
    reached = [draft for draft in HIGH if draft.threshold is not None and draft.threshold <= spend]
    return reached[-1].name
