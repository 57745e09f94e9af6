"""A member's account under random lives keeps its promises, checked from its postings alone."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as given_points
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.errors import NotEnoughPoints
from app.domain.ledger import FILL_DEBT, Account, Cause, Lot
from app.domain.merging import merge_accounts
from app.domain.redeeming import Allocation, capture, give_back_spent, release

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ids = itertools.count(1)


def cause(source="test", *, at=START, award=None, redemption=None):
    return Cause(source=source, at=at, award_id=award, redemption_id=redemption)


def lot(award=None, *, matured=True, expires_in=None, available_in=0):
    return Lot(
        id=next(ids),
        award_id=award,
        available_at=START + available_in * DAY,
        expires_at=None if expires_in is None else START + expires_in * DAY,
        matured=matured,
    )


def given(account, points, **terms):
    new = lot(**terms)
    account.add_lot(new)
    account.earn(new, points, cause(award=new.award_id))
    return new


def kinds(account):
    return [posting.kind for posting in account.postings]


def allocations(taken):
    return [Allocation(id=next(ids), lot=part.lot, points=part.points) for part in taken]


def test_points_wait_in_pending_until_their_lot_matures():
    account = Account(1)
    given(account, 50, award=1, matured=False, available_in=14)

    account.bring_up_to(START + 13 * DAY)
    assert (account.pending, account.available) == (50, 0)
    account.bring_up_to(START + 14 * DAY)
    assert (account.pending, account.available) == (0, 50)


def test_late_maturity_and_expiry_come_to_the_same_as_punctual_ones():
    punctual, late = Account(1), Account(1)
    for account in (punctual, late):
        given(account, 50, award=1, matured=False, available_in=14, expires_in=20)
    for day in range(30):
        punctual.bring_up_to(START + day * DAY)
    late.bring_up_to(START + 30 * DAY)

    assert kinds(punctual) == kinds(late) == ["earn", "mature", "expire"]
    assert [each.occurred_at for each in punctual.postings] == [
        each.occurred_at for each in late.postings
    ]


def test_the_soonest_expiring_points_are_spent_first_and_endless_ones_last():
    account = Account(1)
    endless, late, soon = (
        given(account, 10, award=award, expires_in=expires_in)
        for award, expires_in in ((1, None), (2, 90), (3, 30))
    )

    account.spend("hold", "held", 25, cause())

    assert [each.remaining for each in (soon, late, endless)] == [0, 0, 5]


def test_a_hold_beyond_what_is_available_changes_nothing():
    account = Account(1)
    given(account, 10, award=1)

    with pytest.raises(NotEnoughPoints):
        account.spend("hold", "held", 11, cause())

    assert (account.available, account.held) == (10, 0)
    assert kinds(account) == ["earn"]


def test_an_award_shrinks_by_its_own_points_before_anyone_elses():
    account = Account(1)
    own_pending = given(account, 10, award=1, matured=False, available_in=14)
    own = given(account, 10, award=1)
    other_late = given(account, 10, award=2, expires_in=90)
    other_soon = given(account, 10, award=3, expires_in=30)

    account.take_back(25, cause(award=1))

    left = [each.remaining for each in (own_pending, own, other_soon, other_late)]
    assert left == [0, 0, 5, 10]


def test_expired_points_of_a_shrinking_award_are_reversed_before_others_are_touched():
    account = Account(1)
    own = given(account, 30, award=1, expires_in=5)
    other = given(account, 30, award=2)
    account.bring_up_to(START + 6 * DAY)

    account.take_back(20, cause(award=1))

    assert (own.expired, own.points, other.remaining) == (10, 10, 30)
    assert account.available == 30


def test_what_was_spent_already_is_owed_and_filled_by_what_matures():
    account = Account(1)
    given(account, 30, award=1)
    capture_all(account, 30)
    account.take_back(30, cause(award=1))
    assert (account.available, account.debt) == (-30, 30)

    next_lot = given(account, 50, award=2, matured=False, available_in=1)
    assert account.available == -30
    account.bring_up_to(START + DAY)

    assert (account.available, account.debt, next_lot.remaining) == (20, 0, 20)
    assert kinds(account)[-2:] == [FILL_DEBT, "mature"]


def test_where_debts_are_written_off_the_balance_stops_at_zero():
    account = Account(1)
    given(account, 30, award=1)
    capture_all(account, 20)

    account.take_back(30, cause(award=1), "write_off")

    assert account.available == 0
    assert kinds(account)[-1] == "write_off"


def test_an_award_that_grows_again_after_a_write_off_undoes_it_first():
    account = Account(1)
    own = given(account, 100, award=1)
    capture_all(account, 100)
    account.take_back(60, cause(award=1), "write_off")
    assert (account.available, own.written_off) == (0, 60)

    account.earn(own, 80, cause("again", award=1))

    assert (account.available, own.written_off) == (20, 0)
    assert kinds(account)[-2:] == ["write_back", "earn"]


@given_points(shrinks=st.lists(st.integers(0, 100), max_size=6), spent=st.integers(0, 100))
def test_with_write_offs_any_way_to_the_same_award_ends_at_the_same_balance(shrinks, spent):
    straight, winding = Account(1), Account(1)
    for account in (straight, winding):
        own = given(account, 100, award=1)
        if spent:
            capture_all(account, spent)

    net = 100
    for number, target in enumerate([*shrinks, 40]):
        why = cause(f"award:1:{number}", award=1)
        if target < net:
            winding.take_back(net - target, why, "write_off")
        elif target > net:
            winding.earn(own, target - net, why)
        net = target
    straight.take_back(60, cause(award=1), "write_off")

    assert winding.available == straight.available == max(40 - spent, 0)
    assert sum(each.written_off for each in winding.lots) == max(spent - 40, 0)


def test_who_owes_points_is_refused_and_told_how_many():
    account = Account(1)
    given(account, 30, award=1)
    capture_all(account, 30)
    account.take_back(30, cause(award=1))

    with pytest.raises(NotEnoughPoints) as refused:
        account.spend("hold", "held", 10, cause())

    error = refused.value
    assert (error.points_needed, error.points_available, error.points_owed) == (10, 0, 30)


def test_points_do_not_expire_while_they_are_held_and_can_be_used_for_days_after():
    account = Account(1)
    given(account, 50, award=1, expires_in=10)
    taken = allocations(account.spend("hold", "held", 30, cause(redemption=1)))

    account.bring_up_to(START + 11 * DAY)
    assert (account.available, account.held) == (0, 30)
    back = START + 12 * DAY
    release(account, taken, cause("undo", at=back, redemption=1), lambda: next(ids))
    account.bring_up_to(back)

    assert account.available == 30
    account.bring_up_to(back + 7 * DAY)
    assert account.available == 0


def test_what_is_taken_back_in_time_keeps_its_old_end():
    account = Account(1)
    own = given(account, 50, award=1, expires_in=10)
    taken = allocations(account.spend("hold", "held", 30, cause(redemption=1)))

    release(account, taken, cause("undo", at=START + 9 * DAY), lambda: next(ids))

    assert (own.remaining, own.expires_at) == (50, START + 10 * DAY)


def test_warnings_are_due_for_each_moment_at_which_points_expire_the_nearest_one():
    account = Account(1, warning_days=(7, 30))
    given(account, 20, award=1, expires_in=40)
    given(account, 30, award=2, expires_in=40)
    given(account, 10, award=3, expires_in=60)
    end, later = START + 40 * DAY, START + 60 * DAY

    assert account.due_warnings(START + 9 * DAY) == []
    assert account.due_warnings(START + 10 * DAY) == [(end, 30, 50)]
    assert account.due_warnings(START + 35 * DAY) == [(end, 7, 50), (later, 30, 10)]
    assert account.due_warnings(end) == [(later, 30, 10)]
    moments = [START, START + 10 * DAY, START + 30 * DAY, START + 33 * DAY]
    assert [account.next_due(moment) for moment in moments] == [
        START + 10 * DAY,
        START + 30 * DAY,
        START + 33 * DAY,
        end,
    ]


def test_with_a_merged_account_comes_all_that_its_lots_could_get_back():
    kept, merged = Account(1), Account(2)
    expired = given(merged, 30, award=1, expires_in=5)
    spent = given(merged, 50, award=2, expires_in=90)
    taken = capture_all(merged, 50) if merged.bring_up_to(START + 6 * DAY) else []
    assert (expired.expired, spent.remaining) == (30, 0)

    merge_accounts(
        kept,
        merged,
        held=(),
        used=taken,
        source="merge:2",
        at=START + 6 * DAY,
        new_lot_id=lambda: next(ids),
    )
    why = cause("return", at=START + 7 * DAY)
    give_back_spent(kept, taken, 20, why, lambda: next(ids), usable_until=START + 14 * DAY)
    kept.take_back(30, cause("less", award=1))

    [lot] = [each for each in kept.lots if each.remaining]
    assert (kept.available, lot.award_id, lot.expires_at) == (20, 2, START + 90 * DAY)
    assert [each.expired for each in kept.lots if each.award_id == 1] == [0]


def capture_all(account, points):
    taken = account.spend("hold", "held", points, cause(redemption=1))
    capture(account, points, cause(redemption=1))
    return allocations(taken)


def test_a_release_gives_every_lot_back_what_was_taken_from_it():
    account = Account(1)
    lots = [given(account, 10, award=each, expires_in=30 + each) for each in range(3)]
    taken = allocations(account.spend("hold", "held", 25, cause()))

    release(account, taken, cause(), lambda: next(ids))

    assert [each.remaining for each in lots] == [10, 10, 10]
    assert (account.available, account.held) == (30, 0)


def test_a_return_gives_back_what_was_taken_last_first():
    account = Account(1)
    soon, late = (given(account, 10, award=each, expires_in=30 * each) for each in (1, 2))
    taken = capture_all(account, 20)

    give_back_spent(account, taken, 12, cause(), lambda: next(ids), usable_until=None)

    assert (soon.remaining, late.remaining) == (2, 10)


def test_points_that_come_back_too_late_get_some_days_more():
    account = Account(1)
    old = given(account, 10, award=1, expires_in=30)
    taken = allocations(account.spend("hold", "held", 10, cause()))
    now = START + 40 * DAY

    release(account, taken, cause(at=now), lambda: next(ids), usable_until=now + 7 * DAY)
    account.bring_up_to(now)

    assert (account.available, old.remaining) == (10, 0)
    account.bring_up_to(now + 7 * DAY)
    assert account.available == 0


class Life(RuleBasedStateMachine):
    """Two members' lives; everything is also reckoned from the postings, independently."""

    def __init__(self):
        super().__init__()
        self.now = START
        self.accounts = [Account(1), Account(2)]
        self.awards: dict[int, tuple[int, int]] = {}
        self.holds: list[tuple[int, int, list[Allocation]]] = []
        self.used: list[tuple[int, int, int, list[Allocation]]] = []
        self.written_off = 0

    who = st.integers(0, 1)
    some_points = st.integers(1, 500)

    def new_lot(self) -> int:
        return next(ids)

    @rule(
        who=who,
        points=some_points,
        pending=st.integers(0, 20),
        months=st.none() | st.integers(1, 3),
    )
    def earn(self, who, points, pending, months):
        award = next(ids)
        available = self.now + pending * DAY
        new = Lot(
            id=next(ids),
            award_id=award,
            available_at=available,
            expires_at=None if months is None else available + 30 * months * DAY,
            matured=available <= self.now,
        )
        account = self.accounts[who]
        account.bring_up_to(self.now)
        account.add_lot(new)
        account.earn(new, points, cause(f"award:{award}:1", at=self.now, award=award))
        self.awards[award] = (who, points)

    @rule(data=st.data(), policy=st.sampled_from(["owe", "owe", "write_off"]))
    def reckon_again(self, data, policy):
        if not self.awards:
            return
        award = data.draw(st.sampled_from(sorted(self.awards)))
        who, points = self.awards[award]
        target = data.draw(st.integers(0, 600))
        account = self.accounts[who]
        account.bring_up_to(self.now)
        why = cause(f"award:{award}:{next(ids)}", at=self.now, award=award)
        if target < points:
            account.take_back(points - target, why, policy)
        else:
            own = next(each for each in account.lots if each.award_id == award)
            account.earn(own, target - points, why)
        account.bring_up_to(self.now)
        self.awards[award] = (who, target)

    @rule(who=who, points=some_points)
    def hold(self, who, points):
        account = self.accounts[who]
        account.bring_up_to(self.now)
        redemption = next(ids)
        before = account.available
        try:
            taken = account.spend(
                "hold", "held", points, cause(f"r:{redemption}:hold", redemption=redemption)
            )
        except NotEnoughPoints:
            assert before < points
            return
        self.holds.append((who, points, allocations(taken)))

    @rule(data=st.data(), lapsed=st.booleans())
    def give_up(self, data, lapsed):
        if not self.holds:
            return
        who, _, taken = self.holds.pop(data.draw(st.integers(0, len(self.holds) - 1)))
        account = self.accounts[who]
        account.bring_up_to(self.now)
        until = self.now + 7 * DAY if lapsed else None
        release(account, taken, self.reason("release"), self.new_lot, usable_until=until)
        account.bring_up_to(self.now)

    @rule(data=st.data())
    def use(self, data):
        if not self.holds:
            return
        who, points, taken = self.holds.pop(data.draw(st.integers(0, len(self.holds) - 1)))
        capture(self.accounts[who], points, self.reason("capture"))
        self.used.append((who, points, 0, taken))

    @rule(who=who, points=some_points)
    def take_again(self, who, points):
        account = self.accounts[who]
        account.bring_up_to(self.now)
        taken = account.spend(
            "take_again", "redeemed", points, self.reason("again"), into_debt=True
        )
        self.used.append((who, points, 0, allocations(taken)))

    @rule(data=st.data())
    def send_back(self, data):
        if not self.used:
            return
        index = data.draw(st.integers(0, len(self.used) - 1))
        who, points, returned, taken = self.used[index]
        more = data.draw(st.integers(0, points - returned))
        account = self.accounts[who]
        account.bring_up_to(self.now)
        give_back_spent(
            account,
            taken,
            more,
            self.reason("return"),
            self.new_lot,
            usable_until=self.now + 7 * DAY,
        )
        self.used[index] = (who, points, returned + more, taken)

    @rule(days=st.integers(1, 50))
    def time_passes(self, days):
        self.now += days * DAY
        for account in self.accounts:
            account.bring_up_to(self.now)

    @rule()
    def merge(self):
        """Member 2 becomes member 1, and a new one takes the place."""
        kept, merged = self.accounts
        for account in self.accounts:
            account.bring_up_to(self.now)
        merge_accounts(
            kept,
            merged,
            held=[each for who, _, taken in self.holds if who == 1 for each in taken],
            used=[each for who, _, _, taken in self.used if who == 1 for each in taken],
            source=f"merge:{next(ids)}",
            at=self.now,
            new_lot_id=self.new_lot,
        )
        self.check(merged)
        assert (merged.pending, merged.available, merged.held) == (0, 0, 0)
        self.holds = [(0, points, taken) for _, points, taken in self.holds]
        self.used = [(0, points, back, taken) for _, points, back, taken in self.used]
        for award, (_, points) in list(self.awards.items()):
            if any(each.award_id == award for each in kept.lots):
                self.awards[award] = (0, points)
            else:
                # Nothing of it is left to grow; the service would open a lot for it.
                del self.awards[award]
        self.accounts = [kept, Account(next(ids) + 10)]

    def reason(self, what):
        redemption = next(ids)
        return cause(f"{what}:{redemption}", at=self.now, redemption=redemption)

    @invariant()
    def postings_say_the_same(self):
        for account in self.accounts:
            self.check(account)

    def check(self, account):
        said: Counter[str] = Counter()
        remaining: Counter[int] = Counter()
        for each in account.postings:
            assert each.points > 0
            assert each.debit != each.credit
            said[each.debit] -= each.points
            said[each.credit] += each.points
            if each.lot_id is not None and each.kind != FILL_DEBT:
                remaining[each.lot_id] += each.points * (each.credit in ("pending", "available"))
            if each.lot_id is not None:
                remaining[each.lot_id] -= each.points * (each.debit in ("pending", "available"))
        assert (account.pending, account.available, account.held) == (
            said["pending"],
            said["available"],
            said["held"],
        )
        assert sum(said.values()) == 0
        for each in account.lots:
            assert each.remaining == remaining[each.id]
            assert each.remaining >= 0
            assert each.expired >= 0
            assert each.remaining + each.expired <= each.points
        assert account.pending == sum(each.remaining for each in account.lots if not each.matured)
        matured = sum(each.remaining for each in account.lots if each.matured)
        assert account.available == matured - account.debt
        assert not (account.debt and matured)
        keys = [each.source_key for each in account.postings]
        assert len(keys) == len(set(keys))

    @invariant()
    def holds_are_what_open_redemptions_took(self):
        for who, account in enumerate(self.accounts):
            assert account.held == sum(points for whose, points, _ in self.holds if whose == who)


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase
