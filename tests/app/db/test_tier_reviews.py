"""SQL decides tiers for many as the domain does for one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.db.bulk import insert_rows
from app.db.models import CustomerMark, Member, MemberDay, MemberIdentity, Tier, TierChange
from app.db.rulebook import load_rulebook
from app.db.session import Database
from app.db.tier_reviews import Moment, decide, foresee, lock_members
from app.domain.tier_review import DayAmount, HeldTier, TierDecision, review_tier
from app.domain.tier_terms import TierTerms, midnight
from app.domain.tiers import TierLevel
from tests.fixtures.stores import Store, open_store

ZONES = ("Asia/Bangkok", "America/New_York", "Pacific/Auckland")
NOW = datetime(2028, 3, 1, 9, 30, tzinfo=UTC)
"""The day after one that only leap years have."""
LEVELS = (
    TierLevel(id=1, name="Bronze", rank=1, threshold=0, multiplier_bp=10_000),
    TierLevel(id=2, name="Friends", rank=2, threshold=None, entry="tag", entry_value="Friend", multiplier_bp=10_000),
    TierLevel(id=3, name="Silver", rank=3, threshold=10, multiplier_bp=10_000),
    TierLevel(id=4, name="Trade", rank=4, threshold=None, entry="company", multiplier_bp=10_000),
    TierLevel(id=5, name="Gold", rank=5, threshold=25, multiplier_bp=10_000),
    TierLevel(id=6, name="Circle", rank=6, threshold=None, entry="invitation", multiplier_bp=10_000),
    TierLevel(id=7, name="Platinum", rank=7, threshold=40, multiplier_bp=10_000),
)  # fmt: skip


@pytest.fixture(scope="module", params=ZONES)
def store(request, database: Database) -> Store:
    """A store with tiers of every kind, and nobody in it yet."""
    store = open_store(database, iana_timezone=request.param)
    with store.session() as session:
        session.execute(delete(Tier))
        insert_rows(session, Tier, [_tier_row(store, level) for level in LEVELS])
    return store


def _tier_row(store: Store, level: TierLevel):
    names = ("name", "rank", "entry", "entry_value", "threshold", "multiplier_bp")
    return {"program_id": store.program_id} | {name: getattr(level, name) for name in names}


def levels_of(session) -> tuple[TierLevel, ...]:
    ids = dict(session.execute(select(Tier.name, Tier.id)).all())
    return tuple(replace(level, id=ids[level.name]) for level in LEVELS)


moments = st.integers(-500, 500).map(lambda hours: NOW + timedelta(hours=hours, minutes=11))
days = st.integers(0, 900).map(lambda back: NOW.date() - timedelta(days=back))
leap_days = st.sampled_from(
    [date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 2)]
)
histories = st.dictionaries(days | leap_days, st.integers(1, 30), max_size=8)
held = st.builds(
    HeldTier,
    tier_id=st.none() | st.integers(1, 7),
    tier_until=st.none() | moments,
    pinned_tier_id=st.none() | st.none() | st.integers(1, 7),
    pinned_until=st.none() | moments,
    granted_tier_id=st.sampled_from([None, None, 2, 4]),
    review_at=st.none() | moments,
)
terms = st.builds(
    TierTerms,
    measure=st.sampled_from(["spend", "points", "orders"]),
    window=st.sampled_from(["rolling", "calendar", "lifetime"]),
    grace_days=st.sampled_from([0, 1, 30, 366]),
    loss=st.sampled_from(["earned", "step", "never"]),
)
people = st.lists(st.tuples(held, histories), min_size=1, max_size=25)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(people=people, terms=terms, settings_changed=st.booleans())
# A job that is late, after an order had put off the day on which the measure fell.
@example(
    people=[(HeldTier(tier_id=3, review_at=NOW - timedelta(days=20)), {date(2027, 2, 24): 10})],
    terms=TierTerms(),
    settings_changed=False,
)
# One step down, and when the next is due.
@example(
    people=[(HeldTier(tier_id=7, tier_until=NOW - timedelta(days=60)), {})],
    terms=TierTerms(window="calendar", grace_days=30, loss="step"),
    settings_changed=False,
)
def test_sql_decides_as_the_domain_does(store: Store, people, terms, settings_changed):
    with store.session() as session:
        levels = levels_of(session)
        ids = _enter(session, store, people, levels, terms)
        zone = zone_of(session, store)
        expected = {
            id_: review_tier(
                levels,
                terms,
                _with_ids(held, levels),
                [DayAmount(day, amount) for day, amount in history.items()],
                now=NOW,
                iana_timezone=zone,
                settings_changed=settings_changed,
            )
            for id_, (held, history) in zip(ids, people, strict=True)
        }
        at = Moment(store.program_id, levels, terms, zone, NOW, settings_changed)
        foreseen = foresee(session, at)

        lock_members(session, at, "named", ids=ids)
        changed = decide(session, at, "named", "system", ids=ids).changed

        assert _found(session, ids) == {
            id_: (each.tier_id, each.tier_until, each.review_at) for id_, each in expected.items()
        }
        assert changed == sum(each.reason is not None for each in expected.values())
        assert _recorded(session) == {
            id_: (each.tier_id, each.reason, each.measure)
            for id_, each in expected.items()
            if each.reason is not None
        }
        moves = {(move.from_tier_id, move.to_tier_id): move.members for move in foreseen}
        if settings_changed:
            assert moves == _counted(people, levels, expected.values())
        session.rollback()


def zone_of(session, store: Store) -> str:
    return load_rulebook(session, store.program_id).iana_timezone


def _with_ids(held: HeldTier, levels: Sequence[TierLevel]) -> HeldTier:
    def known(number: int | None) -> int | None:
        return None if number is None else levels[number - 1].id

    return replace(
        held,
        tier_id=known(held.tier_id),
        pinned_tier_id=known(held.pinned_tier_id),
        granted_tier_id=known(held.granted_tier_id),
    )


def _enter(session, store: Store, people, levels, terms) -> list[int]:
    ids = []
    for number, (held, history) in enumerate(people, 1):
        stored = _with_ids(held, levels)
        member = Member(
            program_id=store.program_id,
            joined_at=NOW,
            last_active_at=NOW,
            tier_id=stored.tier_id,
            tier_until=stored.tier_until,
            pinned_tier_id=stored.pinned_tier_id,
            pinned_until=stored.pinned_until,
            tier_review_at=stored.review_at,
        )
        session.add(member)
        session.flush()
        ids.append(member.id)
        _mark(session, store, member.id, number, held.granted_tier_id)
        column = {"spend": "spend_minor", "points": "points", "orders": "orders"}[terms.measure]
        nothing = {"spend_minor": 0, "points": 0, "orders": 0}
        rows = [
            {"member_id": member.id, "program_id": store.program_id, "day": day}
            | nothing
            | {column: amount}
            for day, amount in history.items()
        ]
        insert_rows(session, MemberDay, rows)
    return ids


def _mark(session, store: Store, member_id: int, customer_id: int, granted: int | None) -> None:
    row = {"shop_id": store.shop_id, "customer_id": customer_id, "program_id": store.program_id}
    insert_rows(session, MemberIdentity, [row | {"member_id": member_id}])
    marks = {
        2: [("tag", "friend")],
        4: [("company", "77"), ("tag", "friend")],
        None: [("tag", "other")],
    }
    insert_rows(
        session,
        CustomerMark,
        [row | {"kind": kind, "value": value, "noted_at": NOW} for kind, value in marks[granted]],
    )


def _found(session, ids):
    rows = session.execute(
        select(Member.id, Member.tier_id, Member.tier_until, Member.tier_review_at).where(
            Member.id.in_(ids)
        )
    )
    return {id_: (tier_id, until, review_at) for id_, tier_id, until, review_at in rows}


def _recorded(session):
    rows = session.execute(
        select(TierChange.member_id, TierChange.to_tier_id, TierChange.reason, TierChange.measure)
    )
    return {id_: tuple(more) for id_, *more in rows}


def _counted(people, levels, decisions: Sequence[TierDecision]):
    counted: dict[tuple[int | None, int | None], int] = {}
    for (held, _), decision in zip(people, decisions, strict=True):
        key = _with_ids(held, levels).tier_id, decision.tier_id
        counted[key] = counted.get(key, 0) + 1
    return counted


def test_days_begin_at_midnight_of_the_shop():
    assert midnight(date(2026, 1, 31), "Asia/Bangkok") == datetime(
        2026, 1, 31, tzinfo=ZoneInfo("Asia/Bangkok")
    )
