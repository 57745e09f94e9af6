"""Adds postings up, and finds the balances, lots and awards that do not equal their sums.

What is found here is only suspected: app.db.ledger_checks then says exactly what is wrong. So a
ledger that is right is read once, and postings that belong to an award of another member (after a
merge, or when an order moved) need not be known here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.posting_effects import TAKEN_BACK, Effect, balances, effect_of, lot_sums


class _Effects(dict[tuple[str, str, str], Effect]):
    """Effects by kind, debit and credit: there are a few dozen."""

    def __missing__(self, key: tuple[str, str, str]) -> Effect:
        effect = self[key] = effect_of(*key)
        return effect


class Sums:
    """The sums of some postings by member, lot and award."""

    def __init__(self) -> None:
        self._effects = _Effects()
        self._balances: defaultdict[int, int] = defaultdict(int)
        self._lots: defaultdict[int | None, int] = defaultdict(int)
        self._awards: defaultdict[int | None, int] = defaultdict(int)
        self._taken_back: list[tuple[int, int, int]] = []
        """Lot, award and points."""

    def take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take in rows of app.db.ledger_streams.POSTINGS."""
        effects = self._effects
        of_members, of_lots, of_awards = self._balances, self._lots, self._awards
        for row in rows:
            in_balances, in_lot, in_award, takes_back = effects[row[4:7]]
            points = row[7]
            of_members[row[2]] += in_balances * points
            of_lots[row[11]] += in_lot * points
            if in_award:
                of_awards[row[9]] += in_award * points
                if takes_back:
                    self._taken_back.append((row[11], row[9], points))

    def lot_ids(self) -> list[int]:
        """Return the lots that the postings are about."""
        return [lot_id for lot_id in self._lots if lot_id is not None]

    def wrong_balances(self, members: Iterable[Sequence[Any]]) -> bool:
        """Return whether balances, as rows (member, pending, available, held), are others."""
        said = self._balances
        return any(said[member_id] != balances(*cached) for member_id, *cached in members)

    def wrong_lots(self, lots: Sequence[Sequence[Any]]) -> bool:
        """Return whether lots, as rows of app.db.ledger_streams.LOTS, are others."""
        said = self._lots
        awards = {row[0]: row[1] for row in lots} if self._taken_back else {}
        for lot_id, award_id, points in self._taken_back:
            if lot_id in awards and awards[lot_id] == award_id:
                said[lot_id] += TAKEN_BACK * points
        for lot_id, _, points, remaining, expired, written_off, matured in lots:
            pending = 0 if matured else remaining
            if said[lot_id] != lot_sums(points, remaining, expired, written_off, pending):
                return True
        return False

    def wrong_awards(self, points: Mapping[int, int]) -> list[int]:
        """Return the awards whose points are others, and those of nobody here, by id; ask once."""
        left = self._awards
        wrong = [award_id for award_id, worth in points.items() if left.pop(award_id, 0) != worth]
        wrong += [award_id for award_id, sum_ in left.items() if sum_ and award_id is not None]
        return wrong
