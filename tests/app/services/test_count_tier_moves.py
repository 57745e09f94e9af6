"""A draft's moves are counted part by part, and come to what a look at all at once does."""

from dataclasses import replace
from datetime import timedelta

from app.domain.program_defaults import default_tiers
from app.domain.tier_terms import TierTerms
from app.services.count_tier_moves import count_next, read_outlook, start_counting
from app.services.preview_tiers import foresee_tiers
from tests.fixtures.stores import Store

BRONZE, SILVER, GOLD = default_tiers("USD")
DRAFT = [BRONZE, replace(SILVER, threshold=100), replace(GOLD, threshold=40_000)]
TERMS = TierTerms(grace_days=30)


def start(store: Store) -> int:
    with store.session() as session:
        return start_counting(
            session,
            program_id=store.program_id,
            typed=[("measure", "spend")],
            tiers=DRAFT,
            terms=TERMS,
            now=store.now,
        )


def test_parts_come_to_what_a_look_at_all_at_once_does(store: Store, monkeypatch):
    monkeypatch.setattr("app.services.count_tier_moves.MEMBERS_AT_A_TIME", 2)
    for customer, spend in enumerate((50, 100, 40_000, 70_000, 200_000), 1):
        store.take_in(store.order(spend, customer=customer))
    outlook_id = start(store)
    seen = []

    more = True
    while more:
        with store.session() as session:
            more = count_next(session, outlook_id, store.now)
            outlook = read_outlook(session, outlook_id)
            seen.append((outlook.members_done, outlook.counting))

    with store.session() as session:
        at_once = foresee_tiers(
            session, program_id=store.program_id, tiers=DRAFT, terms=TERMS, now=store.now
        )
    assert seen == [(2, True), (4, True), (5, False)]
    assert outlook.found == at_once
    assert outlook.typed == [("measure", "spend")]


def test_a_draft_that_is_counted_is_not_counted_again(store: Store):
    store.take_in(store.order(50))
    outlook_id = start(store)
    with store.session() as session:
        assert not count_next(session, outlook_id, store.now)
        found = read_outlook(session, outlook_id)

        assert not count_next(session, outlook_id, store.now + timedelta(hours=1))

        assert read_outlook(session, outlook_id) == found


def test_drafts_of_days_ago_are_forgotten(store: Store):
    outlook_id = start(store)
    store.now += timedelta(days=2)

    start(store)

    with store.session() as session:
        assert read_outlook(session, outlook_id) is None
        assert not count_next(session, outlook_id, store.now)
