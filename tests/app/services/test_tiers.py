"""Tiers by spend, points or orders, by staff, tag and company; what is foreseen is what happens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from app.db.models import Member, Tier
from app.db.queries.tier_changes import tier_changes
from app.db.queries.tier_standings import tier_standings
from app.db.rulebook import load_rulebook
from app.domain.errors import MemberNotFound
from app.domain.program_defaults import TierDraft, default_tiers
from app.domain.tier_terms import TierTerms, midnight
from app.flows.revise_tiers import revise_tiers
from app.services.mark_customers import mark_customers
from app.services.pin_tier import PinEndsTooEarly, TierNotFound, pin_tier, unpin_tier
from app.services.preview_tiers import TierPreview, preview_tiers
from app.services.rebuild_member_days import rebuild_member_days, wrong_member_days
from app.services.revise_tiers import revise_tiers as review_all
from app.services.save_tiers import save_tiers
from tests.fixtures.orders import refunded
from tests.fixtures.stores import Store

BANGKOK = ZoneInfo("Asia/Bangkok")
BRONZE, SILVER, GOLD = default_tiers("USD")
CIRCLE = TierDraft(name="Circle", threshold=None, entry="invitation", multiplier_bp=20_000)
FRIENDS = TierDraft(
    name="Friends", threshold=None, entry="tag", entry_value="VIP", multiplier_bp=12_000
)
TRADE = TierDraft(name="Trade", threshold=None, entry="company", multiplier_bp=12_000)
CHANGE = ("from_name", "to_name", "reason")


def save(store: Store, *tiers: TierDraft, revised: bool = True, **terms) -> None:
    with store.session() as session:
        ids = dict(session.execute(select(Tier.name, Tier.id)).all())
        known = [replace(tier, id=ids.get(tier.name)) for tier in tiers or (BRONZE, SILVER, GOLD)]
        save_tiers(
            session,
            program_id=store.program_id,
            tiers=known,
            terms=TierTerms(**terms),
            now=store.now,
        )
    if revised:
        revise(store)


def revise(store: Store) -> int:
    return revise_tiers(store.database, program_id=store.program_id, now=store.now)


def tier(store: Store, customer: int = 1) -> str | None:
    member_id = store.member_id(customer)
    with store.session() as session:
        return session.scalar(
            select(Tier.name).join(Member, Member.tier_id == Tier.id).where(Member.id == member_id)
        )


def standing(store: Store, customer: int = 1):
    member_id = store.member_id(customer)
    with store.session() as session:
        rulebook = load_rulebook(session, store.program_id)
        return tier_standings(session, rulebook, [member_id], store.now)[member_id]


def changes(store: Store, customer: int = 1) -> list[tuple[str | None, str | None, str]]:
    member_id = store.member_id(customer)
    with store.session() as session:
        rows = tier_changes(session, member_id)
    return [(row.from_name, row.to_name, row.reason) for row in reversed(rows)]


def tier_id(store: Store, name: str) -> int:
    with store.session() as session:
        return session.scalars(select(Tier.id).where(Tier.name == name)).one()


def pin(
    store: Store, name: str, *, until=None, customer: int = 1, note: bytes | None = None
) -> bool:
    with store.session() as session:
        return pin_tier(
            session,
            program_id=store.program_id,
            member_id=store.member_id(customer),
            tier_id=tier_id(store, name),
            until=until,
            note=note,
            actor="staff:1",
            now=store.now,
        )


def unpin(store: Store, customer: int = 1) -> bool:
    with store.session() as session:
        return unpin_tier(
            session,
            program_id=store.program_id,
            member_id=store.member_id(customer),
            note=None,
            actor="staff:1",
            now=store.now,
        )


def mark(store: Store, kind: str, value: str, *customers: int) -> int:
    with store.session() as session:
        return mark_customers(
            session,
            shop_id=store.shop_id,
            program_id=store.program_id,
            kind=kind,
            value=value,
            customer_ids=customers,
            now=store.now,
        )


def preview(store: Store, *tiers: TierDraft, **terms) -> TierPreview:
    with store.session() as session:
        ids = dict(session.execute(select(Tier.name, Tier.id)).all())
        known = [replace(tier, id=ids.get(tier.name)) for tier in tiers]
        return preview_tiers(
            session,
            program_id=store.program_id,
            tiers=known,
            terms=TierTerms(**terms),
            now=store.now,
        )


def test_an_order_raises_its_member_at_once_and_it_is_recorded(store: Store):
    store.take_in(store.order(40_000))

    assert tier(store) == "Silver"
    assert changes(store) == [("Bronze", "Silver", "reached")]


def test_the_last_day_of_a_tier_and_what_keeps_it_are_told(store: Store):
    store.take_in(store.order(20_000))
    store.later(days=60)
    store.take_in(store.order(25_000))

    told = standing(store)

    # On 1 January 2027 the first order is 12 months old; then 30 days of grace, the last of them told.
    assert told.kept_until == date(2027, 1, 30)
    assert (told.keep_missing, told.in_grace) == (5_000, False)
    assert (told.next.name, told.missing, told.percent) == ("Gold", 55_000, 45)
    assert revise(store) == 0
    store.now = datetime(2027, 1, 30, 16, 59, tzinfo=UTC)
    assert (revise(store), tier(store)) == (0, "Silver")
    assert standing(store).in_grace
    store.later(minutes=1)
    assert (revise(store), tier(store)) == (1, "Bronze")
    assert changes(store)[-1] == ("Silver", "Bronze", "lost")


def test_what_is_missing_by_the_last_day_keeps_the_tier(store: Store):
    store.take_in(store.order(20_000))
    store.later(days=60)
    store.take_in(store.order(25_000))
    told = standing(store)
    store.now = midnight(told.kept_until, "Asia/Bangkok")
    revise(store)

    store.take_in(store.order(told.keep_missing))
    store.later(days=2)
    revise(store)

    assert tier(store) == "Silver"
    assert not standing(store).in_grace


def test_a_job_that_is_late_by_weeks_ends_the_tier_on_its_day(store: Store):
    store.take_in(store.order(40_000))
    revise(store)
    store.now = datetime(2027, 1, 20, tzinfo=UTC)

    revise(store)

    assert standing(store).kept_until == date(2027, 1, 30)


def test_a_refund_lowers_a_tier_only_after_its_grace(store: Store):
    order = store.order(40_000)
    store.take_in(order)
    store.later(days=3)
    store.take_in(refunded(order, at=store.now))
    assert tier(store) == "Silver"

    store.later(days=29)
    revise(store)
    assert tier(store) == "Silver"

    store.later(days=1)
    revise(store)
    assert tier(store) == "Bronze"


def test_without_grace_a_tier_ends_with_its_window(store: Store):
    save(store, grace_days=0)
    store.take_in(store.order(40_000))
    revise(store)

    store.now = datetime(2027, 1, 1, tzinfo=BANGKOK)
    revise(store)

    assert tier(store) == "Bronze"


def test_tiers_count_the_calendar_year_of_the_shop(store: Store):
    save(store, window="calendar", grace_days=5)
    # Still 2026 in UTC, but a new year in Bangkok.
    store.now = datetime(2026, 12, 31, 18, tzinfo=UTC)
    store.take_in(store.order(40_000))
    revise(store)

    assert standing(store).kept_until == date(2028, 1, 5)
    assert standing(store).keep_from == date(2028, 1, 1)


def test_tiers_can_count_orders(store: Store):
    save(store, replace(BRONZE), replace(SILVER, threshold=3), measure="orders")

    store.take_in(store.order(100), store.order(100))
    assert (tier(store), standing(store).missing) == ("Bronze", 1)
    store.take_in(store.order(100))

    assert tier(store) == "Silver"


def test_tiers_can_count_points_as_refunds_leave_them(store: Store):
    save(store, BRONZE, replace(SILVER, threshold=100), measure="points")
    order = store.order(9_900)
    store.take_in(order)
    assert standing(store).missing == 1
    store.take_in(store.order(100))
    assert tier(store) == "Silver"

    store.take_in(refunded(order, at=store.now + timedelta(hours=1)))

    assert standing(store).amount == 1
    assert tier(store) == "Silver"


def test_a_tier_is_never_lost_where_the_merchant_says_so(store: Store):
    save(store, loss="never")
    store.take_in(store.order(40_000))

    store.later(days=900)
    revise(store)

    assert tier(store) == "Silver"
    assert standing(store).kept_until is None


def test_tiers_are_lost_one_step_at_a_time(store: Store):
    save(store, loss="step", grace_days=0)
    store.take_in(store.order(200_000))
    assert tier(store) == "Gold"
    revise(store)

    store.now = datetime(2027, 1, 1, tzinfo=BANGKOK)
    revise(store)
    assert tier(store) == "Silver"
    assert standing(store).kept_until == date(2027, 12, 31)
    store.now = datetime(2028, 1, 1, tzinfo=BANGKOK)
    revise(store)

    assert tier(store) == "Bronze"


def test_in_calendar_years_each_step_is_lost_days_of_grace_after_a_year(store: Store):
    save(store, window="calendar", loss="step", grace_days=10)
    store.take_in(store.order(200_000))

    store.now = datetime(2027, 1, 11, tzinfo=BANGKOK)
    revise(store)
    assert tier(store) == "Silver"
    assert standing(store).kept_until == date(2028, 1, 10)
    store.now = datetime(2028, 1, 10, 23, 59, tzinfo=BANGKOK)
    revise(store)
    assert tier(store) == "Silver"
    store.now = datetime(2028, 1, 11, tzinfo=BANGKOK)
    revise(store)

    assert tier(store) == "Bronze"


def test_steps_that_are_long_due_are_taken_one_by_one(store: Store):
    save(store, loss="step", grace_days=0)
    store.take_in(store.order(200_000))
    revise(store)

    store.later(days=3_000)
    revise(store)

    assert [change[1] for change in changes(store)] == ["Gold", "Silver", "Bronze"]


def test_nobody_but_the_member_sees_a_hidden_tier_coming(store: Store):
    save(store, BRONZE, replace(SILVER, hidden=True), GOLD)
    store.take_in(store.order(100))

    assert standing(store).next.name == "Gold"
    store.take_in(store.order(40_000))
    assert tier(store) == "Silver"
    assert standing(store).current.name == "Silver"


def test_a_pin_holds_whatever_is_spent_until_it_ends(store: Store):
    save(store, BRONZE, SILVER, GOLD, CIRCLE)
    store.take_in(store.order(100))
    ends = store.now + timedelta(days=10)

    assert pin(store, "Circle", until=ends)
    assert not pin(store, "Circle", until=ends)
    store.take_in(store.order(200_000))
    assert tier(store) == "Circle"
    assert standing(store).is_pinned
    store.now = ends
    revise(store)

    assert tier(store) == "Gold"
    assert changes(store) == [("Bronze", "Circle", "pinned"), ("Circle", "Gold", "unpinned")]


def test_unpinning_gives_what_is_earned_at_once(store: Store):
    store.take_in(store.order(40_000))
    pin(store, "Gold", note=b"sealed")

    assert unpin(store)
    assert not unpin(store)

    assert tier(store) == "Silver"
    assert changes(store)[-2:] == [("Silver", "Gold", "pinned"), ("Gold", "Silver", "unpinned")]


def test_a_pin_to_the_tier_that_is_held_is_recorded_with_its_reason(store: Store):
    store.take_in(store.order(40_000))

    pin(store, "Silver", note=b"sealed")

    with store.session() as session:
        newest = tier_changes(session, store.member_id())[0]
    assert (newest.from_name, newest.to_name, newest.reason) == ("Silver", "Silver", "pinned")
    assert (newest.note, newest.actor) == (b"sealed", "staff:1")


def test_pins_that_cannot_be_are_refused(store: Store):
    store.take_in(store.order(100))

    with pytest.raises(PinEndsTooEarly):
        pin(store, "Gold", until=store.now)
    with pytest.raises(TierNotFound), store.session() as session:
        pin_tier(
            session,
            program_id=store.program_id,
            member_id=store.member_id(),
            tier_id=0,
            until=None,
            note=None,
            actor="staff:1",
            now=store.now,
        )
    with pytest.raises(MemberNotFound), store.session() as session:
        unpin_tier(
            session, program_id=store.program_id, member_id=0, note=None, actor="", now=store.now
        )


def test_a_tag_opens_its_tier_and_closes_it_again(store: Store):
    save(store, BRONZE, FRIENDS, SILVER, GOLD)
    store.take_in(store.order(100), store.order(100, customer=2))

    assert mark(store, "tag", "vip", 1) == 1
    assert mark(store, "tag", "Vip", 1) == 0
    assert (tier(store, 1), tier(store, 2)) == ("Friends", "Bronze")
    mark(store, "tag", "vip", 2)

    assert (tier(store, 1), tier(store, 2)) == ("Bronze", "Friends")
    assert changes(store) == [("Bronze", "Friends", "tag"), ("Friends", "Bronze", "tag")]


def test_a_better_tier_is_earned_above_the_one_of_a_tag(store: Store):
    save(store, BRONZE, FRIENDS, SILVER, GOLD)
    store.take_in(store.order(100))
    mark(store, "tag", "VIP", 1)

    store.take_in(store.order(40_000))
    assert tier(store) == "Silver"
    store.later(days=400)
    revise(store)
    store.later(days=40)
    revise(store)

    assert tier(store) == "Friends"


def test_a_companys_customers_hold_its_tier(store: Store):
    save(store, BRONZE, SILVER, GOLD, TRADE)
    store.take_in(store.order(100))

    mark(store, "company", "77", 1)

    assert tier(store) == "Trade"
    assert changes(store)[-1][2] == "company"


def test_marks_that_no_tier_asks_for_are_not_kept(store: Store):
    store.take_in(store.order(100))

    mark(store, "tag", "vip", 1)

    with store.session() as session:
        assert session.scalar(text("select count(*) from customer_mark")) == 0


@pytest.mark.parametrize(
    ("tiers", "terms"),
    [
        ((BRONZE, replace(SILVER, threshold=60_000), GOLD), {"grace_days": 0}),
        ((BRONZE, GOLD), {"grace_days": 0}),
        ((BRONZE, replace(SILVER, threshold=100), replace(GOLD, threshold=40_000)), {}),
        ((BRONZE, replace(SILVER, threshold=2), GOLD), {"measure": "orders", "grace_days": 0}),
        ((BRONZE, SILVER, replace(GOLD, threshold=900), CIRCLE), {"measure": "points"}),
    ],
)
def test_what_is_foreseen_is_what_happens(store: Store, tiers, terms):
    for customer, spend in enumerate((100, 500, 40_000, 50_000, 70_000, 200_000), 1):
        store.take_in(store.order(spend, customer=customer), store.order(50, customer=customer))
    pin(store, "Gold", customer=1)
    before = {customer: tier(store, customer) for customer in range(1, 7)}

    foreseen = preview(store, *tiers, **terms)
    assert {customer: tier(store, customer) for customer in range(1, 7)} == before
    save(store, *tiers, **terms)

    after = {customer: tier(store, customer) for customer in range(1, 7)}
    then = {each.name: each.members_then for each in foreseen.tiers}
    assert then == {name: list(after.values()).count(name) for name in then}
    assert foreseen.stay == sum(before[customer] == after[customer] for customer in after)
    assert foreseen.up + foreseen.down + foreseen.stay == 6
    with store.session() as session:
        assert session.scalar(text("select tiers_settled from program"))


def test_new_settings_are_recorded_as_the_reason(store: Store):
    store.take_in(store.order(40_000))

    save(store, BRONZE, replace(SILVER, threshold=60_000), GOLD, grace_days=0)

    assert changes(store)[-1] == ("Silver", "Bronze", "settings")


def test_new_settings_move_members_without_a_word_in_any_index(store: Store):
    store.take_in(store.order(40_000), store.order(60_000, customer=2))
    with store.session() as session:
        session.execute(text("update member set pushed_version = version"))
    save(store, BRONZE, replace(SILVER, threshold=60_000), GOLD, grace_days=0, revised=False)

    with store.session() as session:
        before = written_and_spared(session)
        moved = review_all(session, program_id=store.program_id, now=store.now)
        after = written_and_spared(session)

    assert moved == 1
    written, spared = (now - then for now, then in zip(after, before, strict=True))
    assert written == spared > 0


def written_and_spared(session) -> tuple[int, int]:
    """Return how often a member was written, and how often so that no index was."""
    return tuple(
        session.execute(
            text(
                "select pg_stat_get_xact_tuples_updated(oid),"
                " pg_stat_get_xact_tuples_hot_updated(oid) from pg_class"
                " where oid = 'member'::regclass"
            )
        ).one()
    )


def test_orders_of_before_the_start_raise_by_back_fill(store: Store):
    past = store.now - timedelta(days=40)
    store.take_in(
        store.order(40_000, created_at=past, processed_at=past, updated_at=past), fetched=True
    )

    assert changes(store) == [("Bronze", "Silver", "backfill")]


def test_days_that_went_wrong_are_found_and_rebuilt(store: Store):
    store.take_in(store.order(40_000), store.order(100, customer=2))
    with store.session() as session:
        session.execute(text("update member_day set spend_minor = spend_minor + 1"))
        session.execute(text("delete from member_day where spend_minor = 101"))
        assert wrong_member_days(session, program_id=store.program_id) == 2

        assert rebuild_member_days(session, program_id=store.program_id) == 2

        assert wrong_member_days(session, program_id=store.program_id) == 0


def test_a_member_raised_to_a_tier_just_when_it_goes_is_reviewed(store: Store):
    store.take_in(store.order(100))
    with store.session() as session:
        session.execute(text("update member set tier_id = 999999"))
    save(store, BRONZE, replace(SILVER, threshold=50_000), GOLD)

    assert tier(store) == "Bronze"
