"""A review of everybody and a drain at once: nothing is lost, and neither stops the other."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import select

from app.db.models import Member, MemberIdentity, Tier
from app.domain.program_defaults import TierDraft, default_tiers
from app.domain.tier_terms import TierTerms
from app.flows.revise_tiers import revise_tiers
from app.services.save_tiers import save_tiers
from tests.fixtures.stores import Store

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
