"""Drafts of rules earn nobody anything, are compared on the store's own orders, then published."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.models import Customer, Posting, RuleComparisonMember, RuleVersion
from app.db.queries.programs import newest_rules
from app.db.queries.rule_comparisons import compared_members, comparison_of_draft
from app.db.queries.rule_drafts import get_draft, program_drafts
from app.domain.errors import DraftChanged, DraftNotFound
from app.domain.program_rules import ProgramRules
from app.services.compare_rules import compare_rules
from app.services.discard_rule_draft import discard_rule_draft
from app.services.fail_rule_comparison import fail_rule_comparison
from app.services.publish_rule_draft import publish_rule_draft
from tests.fixtures.comparisons import save_draft, start_comparison
from tests.fixtures.orders import refunded
from tests.fixtures.stores import START, open_store

LIVE = ProgramRules(sign_up_points=0)
DOUBLE = ProgramRules(sign_up_points=0, points_per_unit=2)
A_YEAR = timedelta(days=365)


@pytest.fixture
def store(database):
    return open_store(database, LIVE)


def save(store, rules=DOUBLE, *, name="Double", draft_id=None):
    return save_draft(store, rules, name=name, draft_id=draft_id)


def publish(store, draft_id, *, revision=1):
    with store.session() as session:
        return publish_rule_draft(
            session,
            program_id=store.program_id,
            draft_id=draft_id,
            revision=revision,
            published_by="staff:1",
            now=store.now,
        )


def start(store, draft_id, *, since=START - A_YEAR, until=START + A_YEAR):
    return start_comparison(store, draft_id, since, until)


def run(store, comparison_id, *, limit=1_000):
    """Reckon batch after batch, each in its own transaction; return how many there were."""
    for number in range(1, 1_000):
        with store.session() as session:
            more = compare_rules(session, comparison_id=comparison_id, now=store.now, limit=limit)
        if not more:
            return number
    raise AssertionError("It never ends.")


def compare(store, rules=DOUBLE, *, limit=1_000, **period):
    """Compare the rules with the live ones; return the totals and each member's difference."""
    draft_id = save(store, rules)
    comparison_id = start(store, draft_id, **period)
    run(store, comparison_id, limit=limit)
    return result(store, draft_id)


def result(store, draft_id):
    with store.session() as session:
        comparison = comparison_of_draft(session, draft_id)
        members = compared_members(session, comparison.id)
    return comparison, {row.member_id: row.draft_points - row.live_points for row in members}


def versions(store):
    with store.session() as session:
        return len(session.scalars(select(RuleVersion.id)).all())


# --- Drafts ---------------------------------------------------------------------------------------


def test_a_saved_draft_earns_nobody_anything(store):
    save(store)

    store.take_in(store.order(10_000))

    assert versions(store) == 1
    assert store.balances() == (100, 0, 0)


def test_a_draft_is_edited_in_place_and_other_rules_raise_its_revision(store):
    draft_id = save(store)

    assert save(store, name="Renamed", draft_id=draft_id) == draft_id
    with store.session() as session:
        renamed = get_draft(session, draft_id)
    save(store, ProgramRules(points_per_unit=3), draft_id=draft_id)

    with store.session() as session:
        [edited] = program_drafts(session, store.program_id)
    assert (renamed.name, renamed.revision, renamed.rules) == ("Renamed", 1, DOUBLE)
    assert (edited.revision, edited.rules.points_per_unit) == (2, 3)


def test_a_published_draft_counts_for_later_orders_only(store):
    before = store.order(10_000)
    store.take_in(before)
    draft_id = save(store)
    store.later(hours=1)

    number = publish(store, draft_id)
    store.take_in(refunded(before, at=store.now + timedelta(hours=1), kept=1))
    store.later(hours=2)
    store.take_in(store.order(10_000))

    assert number == 2
    assert store.balances() == (100 + 200, 0, 0)
    with store.session() as session:
        assert program_drafts(session, store.program_id) == []
        assert newest_rules(session, store.program_id) == DOUBLE


def test_only_the_draft_that_was_looked_at_is_published(store):
    draft_id = save(store)
    save(store, ProgramRules(points_per_unit=3), draft_id=draft_id)

    with pytest.raises(DraftChanged):
        publish(store, draft_id, revision=1)

    assert versions(store) == 1


def test_a_discarded_draft_is_gone_with_its_comparison(store):
    store.take_in(store.order(10_000))
    draft_id = save(store)
    run(store, start(store, draft_id))

    for _twice in range(2):
        with store.session() as session:
            discard_rule_draft(session, draft_id=draft_id)

    with store.session() as session:
        assert get_draft(session, draft_id) is None
        assert session.scalars(select(RuleComparisonMember.member_id)).all() == []
    with pytest.raises(DraftNotFound):
        publish(store, draft_id)


def test_drafts_of_another_programme_are_not_seen(database, store):
    draft_id = save(store)
    other = open_store(database)

    with other.session() as session:
        assert get_draft(session, draft_id) is None
        discard_rule_draft(session, draft_id=draft_id)

    with store.session() as session:
        assert get_draft(session, draft_id) is not None


# --- Comparisons ----------------------------------------------------------------------------------


def test_a_comparison_says_who_gains_and_who_loses(store):
    store.take_in(
        store.order(10_000, customer=1, shipping_minor=1_000),
        store.order(5_000, customer=2, discount_codes=("FRIENDS",)),
        store.order(7_000, customer=3),
    )
    rules = ProgramRules(
        sign_up_points=0, include_shipping=True, unit_minor=100, rounding="half_up"
    )

    comparison, difference = compare(store, rules)

    assert (comparison.live_points, comparison.draft_points) == (220, 230)
    assert difference == {store.member_id(1): 10}
    assert (comparison.members_gaining, comparison.members_losing) == (1, 0)
    assert comparison.members_same == 2


def test_a_comparison_posts_nothing(store):
    store.take_in(store.order(10_000))

    compare(store)

    with store.session() as session:
        assert session.scalars(select(Posting.points)).all() == [100]
    assert versions(store) == 1


def test_orders_are_reckoned_as_they_stand_with_their_pins(store):
    gold = 100_000
    big = store.order(gold)
    store.take_in(big)
    store.later(days=1)
    # The second order is pinned to the tier that the first one brought: Gold, points times 1.5.
    second = store.order(10_000)
    store.take_in(second)
    store.later(days=1)
    store.take_in(refunded(big, at=store.now))

    comparison, _ = compare(store)

    assert (comparison.live_points, comparison.draft_points) == (150, 300)


def test_orders_that_never_earned_have_their_members_present_tier(store):
    before_the_start = START - timedelta(days=400)
    store.take_in(store.order(100_000))
    store.take_in(store.order(10_000, processed_at=before_the_start))

    comparison, _ = compare(store, since=START - timedelta(days=500), until=START - A_YEAR)

    assert (comparison.live_points, comparison.draft_points) == (150, 300)


def test_orders_outside_the_period_do_not_count(store):
    store.take_in(store.order(10_000))
    store.later(days=10)
    store.take_in(store.order(20_000))

    comparison, _ = compare(store, since=START, until=START + timedelta(days=10))

    assert (comparison.orders_total, comparison.live_points) == (1, 100)


def test_orders_that_earn_nothing_by_either_rules_count_for_nobody(store):
    store.take_in(
        store.order(10_000, test=True),
        store.order(10_000, financial_status="pending", customer=2),
        store.order(10_000, cancelled_at=store.now, customer=3),
    )

    comparison, difference = compare(store)

    assert (comparison.live_points, comparison.draft_points, difference) == (0, 0, {})
    assert comparison.members_same == 0


def test_batches_of_any_size_come_to_the_same(store):
    for number in range(7):
        store.later(minutes=1)
        store.take_in(store.order(1_000 * (number + 1), customer=number % 2 + 1))

    results = []
    for limit in (1, 2, 3, 100):
        comparison, difference = compare(store, limit=limit)
        assert comparison.orders_done == comparison.orders_total == 7
        results.append((comparison.live_points, comparison.draft_points, difference))

    assert results == results[:1] * 4
    assert results[0][:2] == (280, 560)


def test_a_run_that_died_is_gone_on_with(store):
    for _number in range(5):
        store.later(minutes=1)
        store.take_in(store.order(1_000))
    draft_id = save(store)
    comparison_id = start(store, draft_id)
    with store.session() as session:
        assert compare_rules(session, comparison_id=comparison_id, now=store.now, limit=2)
    with store.session() as session:
        compare_rules(session, comparison_id=comparison_id, now=store.now, limit=2)
        session.rollback()

    run(store, comparison_id, limit=2)

    comparison, difference = result(store, draft_id)
    assert (comparison.state, comparison.orders_done) == ("done", 5)
    assert difference == {store.member_id(): 50}


def test_a_comparison_that_is_done_is_not_added_to(store):
    store.take_in(store.order(10_000))
    draft_id = save(store)
    comparison_id = start(store, draft_id)
    run(store, comparison_id)
    store.take_in(store.order(10_000))

    assert run(store, comparison_id) == 1

    assert result(store, draft_id)[0].draft_points == 200


def test_a_new_comparison_takes_the_place_of_the_last(store):
    store.take_in(store.order(10_000))
    draft_id = save(store)
    first = start(store, draft_id)
    second = start(store, draft_id, until=START + timedelta(days=1))

    assert run(store, first) == 1
    run(store, second)

    comparison, _ = result(store, draft_id)
    assert (comparison.id, comparison.state) == (second, "done")


def test_rules_that_change_meanwhile_change_nothing(store):
    store.take_in(store.order(10_000))
    draft_id = save(store)
    comparison_id = start(store, draft_id)
    save(store, ProgramRules(points_per_unit=9), draft_id=draft_id)

    run(store, comparison_id)

    comparison, _ = result(store, draft_id)
    assert (comparison.draft_revision, comparison.draft_points) == (1, 200)


def test_points_for_signing_up_are_compared_as_well(store):
    store.take_in(store.order(10_000))
    with store.session() as session:
        session.add(
            Customer(shop_id=store.shop_id, customer_id=1, created_at=START, updated_at=START)
        )

    comparison, difference = compare(store, ProgramRules(sign_up_points=40))

    assert (comparison.live_points, comparison.draft_points) == (100, 140)
    assert difference == {store.member_id(): 40}


def test_members_are_listed_with_the_largest_difference_first(store):
    for customer, total in ((1, 3_000), (2, 9_000), (3, 6_000), (4, 6_000)):
        store.take_in(store.order(total, customer=customer))
    draft_id = save(store)
    comparison_id = start(store, draft_id)
    run(store, comparison_id)

    with store.session() as session:
        first = compared_members(session, comparison_id, limit=2)
        last = first[-1]
        rest = compared_members(
            session, comparison_id, before=(last.difference_size, last.member_id), limit=2
        )

    assert [row.difference_size for row in first + rest] == [90, 60, 60, 30]
    assert len({row.member_id for row in first + rest}) == 4


def test_a_comparison_that_failed_stands_still(store):
    store.take_in(store.order(10_000))
    draft_id = save(store)
    comparison_id = start(store, draft_id)
    with store.session() as session:
        fail_rule_comparison(session, comparison_id=comparison_id)

    run(store, comparison_id)

    assert result(store, draft_id)[0].state == "failed"


def test_orders_that_the_drafts_exclusions_cannot_judge_are_counted(store):
    store.take_in(store.order(10_000), store.order(5_000, customer=2))
    rules = ProgramRules(sign_up_points=0, excluded_product_tags=("sale",))

    comparison, difference = compare(store, rules)

    assert (comparison.orders_unknown, difference) == (2, {})
    assert compare(store)[0].orders_unknown == 0
