"""A job that matures and expires points may be late or missing: it changes nothing."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import NotEnoughPoints
from app.domain.expiry import available_at, expires_at, expiry_terms
from app.domain.ledger import Account, Cause, Lot
from app.domain.member_account import MemberAccount
from app.domain.program_rules import ProgramRules
from app.domain.redeeming import Allocation, capture, give_back_spent, release, remember

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ZONE = "Asia/Bangkok"

some_rules = st.builds(
    ProgramRules,
    pending_days=st.sampled_from([0, 3, 14]),
    expiry_mode=st.sampled_from(["lot", "inactivity"]),
    expiry_months=st.sampled_from([1, 2, None]),
)
days = st.integers(0, 120)
events = st.lists(
    st.one_of(
        st.tuples(days, st.just("earn"), st.integers(1, 300)),
        st.tuples(days, st.just("earn_told_late"), st.integers(1, 40)),
        st.tuples(days, st.just("spend"), st.integers(1, 200)),
        st.tuples(days, st.just("undo"), st.integers(0, 5)),
        st.tuples(days, st.just("use"), st.integers(0, 5)),
        st.tuples(days, st.just("send_back"), st.integers(1, 100)),
        st.tuples(days, st.just("shrink"), st.integers(1, 200)),
        st.tuples(days, st.just("grow"), st.integers(1, 200)),
        st.tuples(days, st.just("publish"), some_rules),
    ),
    max_size=25,
)


@dataclass
class Life:
    """A member whose job runs on some days, with everything else as it comes."""

    rules: list[tuple[datetime, ProgramRules]]
    ids: itertools.count = field(default_factory=lambda: itertools.count(1))
    awards: list[Lot] = field(default_factory=list)
    held: list[list[Allocation]] = field(default_factory=list)
    used: list[list[Allocation]] = field(default_factory=list)

    def __post_init__(self):
        self.member = MemberAccount(
            account=Account(1),
            chain_head=b"",
            tier_id=None,
            tier_since=None,
            tier_until=None,
            last_active_at=START,
            next_due_at=None,
            closed_at=None,
            version=1,
            has_all_lots=True,
        )

    @property
    def account(self):
        return self.member.account

    def up_to(self, now):
        self.member.bring_up_to(now, expiry_terms(self.rules, ZONE))

    def cause(self, what, now, award=None):
        return Cause(source=f"{what}:{next(self.ids)}", at=now, award_id=award)

    def new_id(self):
        return next(self.ids)

    def live(self, now, what, how):
        """Let one thing happen, as a service does: what is due comes first."""
        if what == "publish":
            self.rules.append((now, how))
            return
        self.up_to(now)
        getattr(self, what)(now, how)
        self.up_to(now)

    def earn_told_late(self, now, days):
        self.earn(now, 100, paid_at=max(now - days * DAY, START))

    def earn(self, now, points, paid_at=None):
        rules = self.rules[-1][1]
        paid_at = paid_at or now
        starts = available_at(paid_at, rules)
        ends = expires_at(starts, rules, ZONE)
        lot = Lot(
            id=next(self.ids),
            award_id=next(self.ids),
            available_at=starts,
            expires_at=ends,
            matured=starts <= now,
        )
        self.account.add_lot(lot)
        self.account.earn(lot, points, self.cause("earn", now, lot.award_id))
        self.awards.append(lot)
        self.member.be_active(paid_at, now)

    def spend(self, now, points):
        try:
            taken = self.account.spend("hold", "held", points, self.cause("hold", now))
        except NotEnoughPoints:
            return
        self.held.append(remember(taken))
        self.member.be_active(now, now)

    def undo(self, now, which):
        if which < len(self.held):
            release(self.account, self.held.pop(which), self.cause("undo", now), self.new_id)

    def use(self, now, which):
        if which < len(self.held):
            taken = self.held.pop(which)
            points = sum(each.open_points for each in taken)
            capture(self.account, points, self.cause("use", now))
            self.used.append(taken)

    def send_back(self, now, points):
        for taken in self.used[-1:]:
            give_back_spent(
                self.account,
                taken,
                points,
                self.cause("return", now),
                self.new_id,
                usable_until=now + 7 * DAY,
            )

    def shrink(self, now, points):
        for lot in self.awards[-1:]:
            earned = self.net(lot.award_id)
            self.account.take_back(min(points, earned), self.cause("less", now, lot.award_id))

    def grow(self, now, points):
        for lot in self.awards[-1:]:
            self.account.earn(lot, points, self.cause("more", now, lot.award_id))

    def net(self, award):
        return sum(
            each.points * ((each.debit == "issued") - (each.credit == "issued"))
            for each in self.account.postings
            if each.award_id == award
        )

    def result(self):
        """Return all that matters: balances, what is left where, and every posting."""
        account = self.account
        moved = [
            (each.kind, each.debit, each.credit, each.points, each.occurred_at)
            for each in account.postings
        ]
        lots = [(lot.available_at, lot.remaining, lot.expired, lot.matured) for lot in account.lots]
        return (account.pending, account.available, account.held, lots, moved)


def live_through(first_rules, happened, job_days):
    life = Life(rules=[(START, first_rules)])
    due = sorted([(day, 0, None, None) for day in job_days] + happened, key=lambda each: each[:2])
    for day, _, what, how in due:
        now = START + day * DAY
        if what is None:
            life.up_to(now)
        else:
            life.live(now, what, how)
    life.up_to(START + 400 * DAY)
    return life.result()


def come_to_the_same(rules, events, job_days):
    happened = [
        (day, number, what, how)
        for number, (day, what, how) in enumerate(sorted(events, key=lambda each: each[0]), 1)
    ]

    punctual = live_through(rules, happened, range(160))
    late = live_through(rules, happened, job_days)

    assert late == punctual


@settings(max_examples=60, deadline=None)
@given(rules=some_rules, events=events, job_days=st.lists(days, max_size=6))
def test_a_job_that_ran_every_day_and_one_that_ran_now_and_then_come_to_the_same(
    rules, events, job_days
):
    come_to_the_same(rules, events, job_days)


def test_terms_that_were_over_before_points_became_available_do_not_count_for_them():
    month, two_months = (
        ProgramRules(pending_days=3, expiry_mode="lot", expiry_months=months) for months in (1, 2)
    )
    happened = [(82, "earn", 1), (82, "publish", two_months), (83, "publish", month)]

    come_to_the_same(month, happened, [])


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules=some_rules, events=events, job_days=st.lists(days, max_size=6))
def test_ten_thousand_lives_come_to_the_same_whenever_the_job_ran(rules, events, job_days):
    come_to_the_same(rules, events, job_days)
