"""What tiers give: on entry, for every year and on a birthday, each once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.db.models import Award, Tier
from app.domain.errors import MemberNotFound
from app.domain.program_defaults import TierDraft, default_tiers
from app.domain.tier_terms import TierTerms
from app.flows.revise_tiers import revise_tiers
from app.services.give_tier_perks import give_tier_perks
from app.services.merge_members import merge_members
from app.services.pin_tier import pin_tier, unpin_tier
from app.services.redact_customer import redact_customer
from app.services.save_tiers import save_tiers
from app.services.set_birthday import InvalidBirthday, birthday_of, set_birthday
from tests.fixtures.stores import LEDGER_KEY, Store

BRONZE, SILVER, GOLD = default_tiers("USD")
START_OF_MAY = datetime(2026, 5, 1, 3, tzinfo=UTC)


def save(store: Store, *tiers: TierDraft, **terms) -> None:
    with store.session() as session:
        ids = dict(session.execute(select(Tier.name, Tier.id)).all())
        save_tiers(
            session,
            program_id=store.program_id,
            tiers=[replace(tier, id=ids.get(tier.name)) for tier in tiers],
            terms=TierTerms(**terms),
            now=store.now,
        )
    revise(store)


def revise(store: Store) -> None:
    revise_tiers(store.database, program_id=store.program_id, now=store.now)


def give(store: Store) -> int:
    revise(store)
    with store.session() as session:
        return give_tier_perks(
            session, program_id=store.program_id, now=store.now, ledger_key=LEDGER_KEY
        )


def given(store: Store) -> list[tuple[str, int]]:
    with store.session() as session:
        rows = session.execute(
            select(Award.source_kind, Award.points)
            .where(Award.source_kind != "order")
            .order_by(Award.id)
        )
        return [(row.source_kind, row.points) for row in rows]


def birthday(store: Store, *day: int, customer: int = 1) -> None:
    with store.session() as session:
        set_birthday(
            session,
            program_id=store.program_id,
            member_id=store.member_id(customer),
            birthday=day or None,
            actor="staff:1",
            now=store.now,
        )


def test_reaching_a_tier_gives_its_points_once(store: Store):
    save(store, BRONZE, replace(SILVER, entry_points=500), GOLD)
    store.take_in(store.order(40_000))
    before = store.balances()

    assert give(store) == 1
    assert give(store) == 0

    assert given(store) == [("tier_entry", 500)]
    assert store.balances()[1] == before[1] + 500


def test_who_rises_over_a_tier_gets_what_the_one_reached_gives(store: Store):
    save(store, BRONZE, replace(SILVER, entry_points=500), replace(GOLD, entry_points=900))

    store.take_in(store.order(200_000))
    give(store)

    assert given(store) == [("tier_entry", 900)]


def test_a_tier_that_is_left_and_reached_again_within_a_year_gives_nothing_more(store: Store):
    save(store, BRONZE, replace(SILVER, entry_points=500), GOLD)
    store.take_in(store.order(100))
    for _ in range(3):
        pin(store, "Silver")
        give(store)
        store.later(days=20)
        unpin(store)
        give(store)

    assert given(store) == [("tier_entry", 500)]
    store.later(days=366)
    pin(store, "Silver")
    give(store)

    assert given(store) == [("tier_entry", 500)] * 2


def test_two_entries_before_the_job_give_once(store: Store):
    save(store, BRONZE, replace(SILVER, entry_points=500), GOLD)
    store.take_in(store.order(100))
    for _ in range(2):
        pin(store, "Silver")
        unpin(store)

    give(store)

    assert given(store) == [("tier_entry", 500)]


def test_nobody_is_given_for_new_settings_or_for_what_was_before_them(store: Store):
    store.take_in(store.order(40_000), store.order(20_000, customer=2))
    store.later(hours=1)

    save(store, BRONZE, replace(SILVER, entry_points=500, threshold=10_000), GOLD)

    assert give(store) == 0


def test_a_year_of_a_tier_gives_its_gift(store: Store):
    save(store, BRONZE, replace(SILVER, yearly_points=200), GOLD)
    store.take_in(store.order(30_000))
    for _ in range(4):
        store.later(days=120)
        store.take_in(store.order(20_000))
        give(store)

    assert given(store) == [("tier_yearly", 200)]
    assert give(store) == 0
    store.later(days=250)
    assert give(store) == 1


def test_a_tier_that_was_lost_before_the_year_gives_no_gift(store: Store):
    save(store, BRONZE, replace(SILVER, yearly_points=200), GOLD, grace_days=0)
    store.take_in(store.order(40_000))
    revise(store)

    store.later(days=366)

    assert give(store) == 0


def test_a_birthday_brings_its_bonus_on_the_day_of_the_shop(store: Store):
    save(store, replace(BRONZE, birthday_points=50), SILVER, GOLD)
    store.take_in(store.order(100))
    birthday(store, 5, 2)
    # Still 1 May in UTC, but 2 May in Bangkok.
    store.now = datetime(2026, 5, 1, 16, 59, tzinfo=UTC)
    assert give(store) == 0

    store.later(minutes=1)
    assert (give(store), give(store)) == (1, 0)

    store.later(days=365)
    assert give(store) == 1
    assert given(store) == [("birthday", 50)] * 2


def test_a_birthday_is_still_given_when_the_job_is_some_days_late(store: Store):
    save(store, replace(BRONZE, birthday_points=50), SILVER, GOLD)
    store.take_in(store.order(100))
    birthday(store, 5, 2)

    store.now = datetime(2026, 5, 7, tzinfo=UTC)

    assert give(store) == 1


def test_a_birthday_that_is_set_after_the_day_waits_a_year(store: Store):
    save(store, replace(BRONZE, birthday_points=50), SILVER, GOLD)
    store.take_in(store.order(100))
    store.now = datetime(2026, 5, 5, tzinfo=UTC)
    birthday(store, 5, 2)

    assert give(store) == 0


def test_a_changed_birthday_brings_no_second_bonus_within_a_year(store: Store):
    save(store, replace(BRONZE, birthday_points=50), SILVER, GOLD)
    store.take_in(store.order(100))
    birthday(store, 5, 2)
    store.now = datetime(2026, 5, 2, tzinfo=UTC)
    give(store)

    for month in (6, 9, 12):
        birthday(store, month, 2)
        store.now = datetime(2026, month, 2, tzinfo=UTC)
        assert give(store) == 0

    birthday(store, 5, 2)
    store.now = datetime(2027, 5, 2, tzinfo=UTC)
    assert give(store) == 1


@pytest.mark.parametrize(("year", "day"), [(2027, 28), (2028, 29)])
def test_a_leap_day_is_kept_on_the_last_of_february(store: Store, year: int, day: int):
    save(store, replace(BRONZE, birthday_points=50), SILVER, GOLD)
    store.take_in(store.order(100))
    birthday(store, 2, 29)
    store.now = datetime(year, 2, day, tzinfo=UTC) - timedelta(days=1)
    assert give(store) == 0

    store.later(days=1)

    assert give(store) == 1


def test_days_that_no_year_has_are_refused(store: Store):
    store.take_in(store.order(100))

    with pytest.raises(InvalidBirthday):
        birthday(store, 2, 30)
    with pytest.raises(MemberNotFound), store.session() as session:
        set_birthday(
            session,
            program_id=store.program_id,
            member_id=0,
            birthday=None,
            actor="",
            now=store.now,
        )


def test_merged_members_are_given_once_and_keep_a_birthday(store: Store):
    save(store, replace(BRONZE, birthday_points=50), SILVER, GOLD)
    store.take_in(store.order(100, customer=1), store.order(100, customer=2))
    birthday(store, 5, 2, customer=2)
    store.now = datetime(2026, 5, 2, tzinfo=UTC)
    give(store)

    merge(store, kept=1, merged=2)

    with store.session() as session:
        assert birthday_of(session, store.member_id(1)) == (5, 2)
    assert give(store) == 0
    assert given(store) == [("birthday", 50)]


def test_nothing_is_left_of_a_birthday_once_a_customer_is_redacted(store: Store):
    store.take_in(store.order(100))
    birthday(store, 5, 2)

    with store.session() as session:
        redact_customer(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            customer_id=1,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )
        assert session.scalar(text("select count(*) from member_birthday")) == 0


def merge(store: Store, *, kept: int, merged: int) -> None:
    with store.session() as session:
        merge_members(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            kept_customer_id=kept,
            merged_customer_id=merged,
            now=store.now,
            ledger_key=LEDGER_KEY,
        )


def pin(store: Store, name: str) -> None:
    with store.session() as session:
        pin_tier(
            session,
            program_id=store.program_id,
            member_id=store.member_id(),
            tier_id=session.scalars(select(Tier.id).where(Tier.name == name)).one(),
            until=None,
            note=None,
            actor="staff:1",
            now=store.now,
        )


def unpin(store: Store) -> None:
    with store.session() as session:
        unpin_tier(
            session,
            program_id=store.program_id,
            member_id=store.member_id(),
            note=None,
            actor="staff:1",
            now=store.now,
        )
