"""Rules, tiers, rewards and names are saved; tiers are revised with grace."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.db.models import Member, Program, Reward, RuleVersion, Tier
from app.domain.program_defaults import TierDraft
from app.domain.program_rules import ProgramRules, rules_from_json
from app.domain.reward import InvalidReward
from app.services.mature_and_expire import mature_and_expire
from app.services.publish_rules import publish_rules
from app.services.revise_tiers import revise_tiers
from app.services.save_program_settings import save_program_settings
from app.services.save_reward import save_reward
from app.services.save_tiers import InvalidTiers, save_tiers
from tests.fixtures.orders import refunded
from tests.fixtures.stores import LEDGER_KEY, Store

BANGKOK = ZoneInfo("Asia/Bangkok")


def revise(store: Store) -> int:
    with store.session() as session:
        return revise_tiers(session, program_id=store.program_id, now=store.now)


def tier(store: Store) -> tuple[str, object]:
    with store.session() as session:
        name, until = session.execute(
            select(Tier.name, Member.tier_until).join(Member, Member.tier_id == Tier.id)
        ).one()
        return name, until


def drafts(store: Store) -> list[TierDraft]:
    with store.session() as session:
        return [
            TierDraft(
                id=each.id,
                name=each.name,
                threshold=each.threshold,
                multiplier_bp=each.multiplier_bp,
            )
            for each in session.scalars(select(Tier).order_by(Tier.threshold))
        ]


def save(store: Store, tiers) -> None:
    with store.session() as session:
        save_tiers(session, program_id=store.program_id, tiers=tiers, now=store.now)


def test_a_tier_is_kept_for_thirty_days_after_spend_fell_below_it(store: Store):
    order = store.order(40_000)
    store.take_in(order)
    store.take_in(refunded(order, at=store.now + timedelta(hours=1)))
    assert tier(store) == ("Silver", None)

    assert revise(store) == 0
    assert tier(store) == ("Silver", datetime(2026, 1, 31, tzinfo=BANGKOK))
    store.later(days=29)
    assert revise(store) == 0
    store.later(days=1)
    assert revise(store) == 1

    assert tier(store) == ("Bronze", None)


def test_spend_that_recovers_within_the_grace_keeps_the_tier(store: Store):
    store.take_in(store.order(40_000))
    store.later(days=366)
    revise(store)
    assert tier(store)[1] is not None

    store.take_in(store.order(35_000))

    assert tier(store) == ("Silver", None)
    assert revise(store) == 0


def test_tiers_are_saved_reordered_and_removed(store: Store):
    store.take_in(store.order(40_000))
    bronze, silver, gold = drafts(store)

    save(
        store,
        [
            replace(bronze, name="Seed"),
            replace(gold, name="Silver", threshold=silver.threshold),
            TierDraft(name="Tree", threshold=500_000, multiplier_bp=20_000),
        ],
    )

    assert [each.name for each in drafts(store)] == ["Seed", "Silver", "Tree"]
    assert tier(store) == ("Seed", None)
    assert revise(store) == 1
    assert tier(store) == ("Silver", None)


def test_tiers_that_cannot_be_accepted_change_nothing(store: Store):
    before = drafts(store)

    with pytest.raises(InvalidTiers):
        save(store, before[1:])

    assert drafts(store) == before


def test_the_same_rules_again_are_not_published_twice(store: Store):
    rules = ProgramRules(points_per_unit=2)
    numbers = []
    for _ in range(2):
        with store.session() as session:
            numbers.append(
                publish_rules(
                    session,
                    program_id=store.program_id,
                    rules=rules,
                    published_by="staff:1",
                    now=store.now,
                )
            )

    assert numbers == [2, 2]
    with store.session() as session:
        newest = session.scalars(select(RuleVersion).order_by(RuleVersion.number.desc())).first()
        assert newest is not None
        assert rules_from_json(newest.config) == rules


def test_a_reward_is_added_changed_and_checked(store: Store):
    terms = {"type": "amount_off", "points": 500, "config": {"amount_minor": 2_500}}
    with store.session() as session:
        reward_id = save_reward(
            session,
            program_id=store.program_id,
            reward_id=None,
            active=True,
            now=store.now,
            **terms,
        )
        with pytest.raises(InvalidReward) as caught:
            save_reward(
                session,
                program_id=store.program_id,
                reward_id=reward_id,
                active=True,
                now=store.now,
                **(terms | {"points": 0, "config": {}}),
            )

    assert caught.value.field_errors == {"amount_minor": "required", "points": "not_positive"}
    with store.session() as session:
        reward = session.get_one(Reward, reward_id)
        assert (reward.points, reward.position) == (500, 4)
        assert reward.config == {"amount_minor": 2_500, "minimum_subtotal_minor": 0}


def test_what_shoppers_see_raises_the_widgets_version_when_it_changes(store: Store):
    for _ in range(2):
        with store.session() as session:
            save_program_settings(
                session,
                program_id=store.program_id,
                name="Petals",
                points_name={"en": {"one": "petal", "other": "petals"}},
                appearance={"colour": "#112233"},
            )

    with store.session() as session:
        assert session.scalars(select(Program)).one().widget_version == 2


def test_due_members_are_brought_up_to_date_until_none_is_left(store: Store):
    store.take_in(*(store.order(10_000, customer=number) for number in range(1, 6)))
    store.later(days=14)

    done = []
    for _ in range(4):
        with store.session() as session:
            done.append(
                mature_and_expire(
                    session,
                    program_id=store.program_id,
                    now=store.now,
                    ledger_key=LEDGER_KEY,
                    limit=2,
                )
            )

    assert done == [2, 2, 1, 0]
    assert {store.balances(number) for number in range(1, 6)} == {(0, 100, 0)}
