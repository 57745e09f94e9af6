"""A posting's effect, as numbers to add up, is what the ledger does when it is made."""

import operator
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledger import Account, Cause, Lot
from app.domain.posting_effects import TAKEN_BACK, balances, effect_of, lot_sums

NOW = datetime(2026, 11, 22, tzinfo=UTC)
AWARD = 7
ACCOUNTS = (
    "issued",
    "adjusted",
    "transferred",
    "pending",
    "available",
    "held",
    "redeemed",
    "expired",
)
KINDS = ("earn", "mature", "fill_debt", "adjust", "write_off", "write_back", "take_back", "expire")


amounts = st.integers(1, 2**80)
"""As large as a sum of postings comes."""


def sums_of(columns: int):
    """What some columns say."""
    return st.tuples(*[st.just(0) | amounts | amounts.map(operator.neg)] * columns)


def changed(sums: Sequence[int], points: int):
    """The same, with points that came to one column, or went from one to another."""
    for left, entered in permutations([None, *range(len(sums))], 2):
        yield [said + points * ((at == entered) - (at == left)) for at, said in enumerate(sums)]


moves = st.tuples(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(ACCOUNTS), min_size=2, max_size=2, unique=True),
    st.integers(1, 1_000_000),
    st.sampled_from([AWARD, AWARD + 1, None]),
)


@given(st.lists(moves, min_size=1, max_size=8))
def test_effects_add_up_to_what_the_ledger_does(made):
    account = Account(member_id=1)
    lot = Lot(id=1, award_id=AWARD, available_at=NOW, expires_at=None)
    in_balances = in_lot = 0

    for kind, (debit, credit), points, award_id in made:
        cause = Cause(source="s", at=NOW, award_id=award_id)
        account.post(kind, debit, credit, points, cause, lot)
        effect = effect_of(kind, debit, credit)
        in_balances += effect.balances * points
        in_lot += effect.lot * points
        if effect.takes_back and award_id == lot.award_id:
            in_lot += TAKEN_BACK * points

    assert in_balances == balances(account.pending, account.available, account.held)
    assert in_lot == lot_sums(
        lot.points, lot.remaining, lot.expired, lot.written_off, account.pending
    )


@given(sums_of(3), amounts)
def test_different_balances_never_look_the_same(sums, points):
    assert all(balances(*other) != balances(*sums) for other in changed(sums, points))


@given(sums_of(5), amounts)
def test_different_lots_never_look_the_same(sums, points):
    assert all(lot_sums(*other) != lot_sums(*sums) for other in changed(sums, points))
