"""A member's account in memory: balances, lots, and the postings that change them.

Always true between two moves: `pending` is what unmatured lots hold; `available` is what matured
lots hold, less the debt, and there is debt only when matured lots hold nothing; `held` is what open
redemptions took. `Account.post` is the only place that changes any of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from app.domain.errors import NotEnoughPoints
from app.domain.expiry import ExpiryTerms
from app.domain.program_rules import DebtPolicy

OPENING = frozenset({"issued", "adjusted", "transferred"})
"""Accounts from which points come into a lot for the first time."""
SPENDABLE = frozenset({"pending", "available"})
"""Accounts whose points lie in lots."""
FILL_DEBT = "fill_debt"
"""The kind of a posting whose points went from a lot straight into the debt."""


class Posting(NamedTuple):
    """One movement of points, not yet numbered or chained."""

    kind: str
    debit: str
    credit: str
    points: int
    source_key: str
    occurred_at: datetime
    award_id: int | None
    redemption_id: int | None
    lot_id: int | None


@dataclass(slots=True, kw_only=True)
class Lot:
    """The points of one award and what is left of them."""

    id: int
    award_id: int | None
    available_at: datetime
    expires_at: datetime | None
    """As promised when it was opened; once its account is up to date, as the terms have it."""
    matured: bool = False
    points: int = 0
    remaining: int = 0
    expired: int = 0
    written_off: int = 0
    """What of its award was taken back without taking points from anybody."""
    is_new: bool = True


@dataclass(slots=True, kw_only=True)
class Cause:
    """What postings are made for: their source key, moment and what they belong to."""

    source: str
    at: datetime
    award_id: int | None = None
    redemption_id: int | None = None
    leg: int = 0

    def next_key(self) -> str:
        """Return the source key of the next posting of this cause."""
        self.leg += 1
        return f"{self.source}:{self.leg}"


class ExpiryWarning(NamedTuple):
    """Points of which the member is to be told that they expire."""

    expires_at: datetime
    days_before: int
    points: int


class Taken(NamedTuple):
    """Points that were taken from a lot, or into debt."""

    lot: Lot | None
    points: int


@dataclass(slots=True)
class Account:
    """One member's balances and lots; moves append to `postings`."""

    member_id: int
    pending: int = 0
    available: int = 0
    held: int = 0
    sequence: int = 0
    """Postings made so far, before those in `postings`."""
    lots: list[Lot] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    touched: dict[int, Lot] = field(default_factory=dict)
    """Lots changed since the account was loaded, by id."""
    warning_days: tuple[int, ...] = ()
    """How many days before points expire the member is warned, as the terms have it."""

    @property
    def debt(self) -> int:
        """Points owed: taken back after they were spent."""
        return max(-self.available, 0)

    def post(
        self, kind: str, debit: str, credit: str, points: int, cause: Cause, lot: Lot | None = None
    ) -> None:
        """Move points between two accounts, and in or out of `lot`; nothing for 0 points."""
        if not points:
            return
        self._change(debit, -points)
        self._change(credit, points)
        if lot is not None:
            self._change_lot(lot, kind, debit, credit, points, cause.award_id)
        self.postings.append(
            Posting(
                kind,
                debit,
                credit,
                points,
                cause.next_key(),
                cause.at,
                cause.award_id,
                cause.redemption_id,
                None if lot is None else lot.id,
            )
        )

    def _change(self, account: str, points: int) -> None:
        if account == "available":
            self.available += points
        elif account == "pending":
            self.pending += points
        elif account == "held":
            self.held += points

    def _change_lot(
        self, lot: Lot, kind: str, debit: str, credit: str, points: int, award_id: int | None
    ) -> None:
        """Apply what a posting means for its lot; verify_ledger says the same in SQL."""
        if credit in SPENDABLE and kind != FILL_DEBT:
            lot.remaining += points
        if debit in SPENDABLE:
            lot.remaining -= points
        if credit == "expired":
            lot.expired += points
        elif debit == "expired":
            lot.expired -= points
        if debit == "adjusted" and credit == "issued":
            lot.written_off += points
        elif debit == "issued" and credit == "adjusted":
            lot.written_off -= points
        elif debit in OPENING:
            lot.points += points
        elif credit == "issued" and award_id == lot.award_id:
            lot.points -= points
        self.touched[lot.id] = lot

    def take_as_saved(self) -> None:
        """Take the postings made and the lots touched so far for written."""
        self.sequence += len(self.postings)
        self.postings.clear()
        for lot in self.touched.values():
            lot.is_new = False
        self.touched.clear()

    def add_lot(self, lot: Lot) -> None:
        """Open a lot; it is filled by moves."""
        self.lots.append(lot)
        self.touched[lot.id] = lot

    def make_available(self, kind: str, debit: str, points: int, cause: Cause, lot: Lot) -> int:
        """Move points into `available`, first into the debt; return how many filled debt."""
        filled = min(points, self.debt)
        self.post(FILL_DEBT, debit, "available", filled, cause, lot)
        self.post(kind, debit, "available", points - filled, cause, lot)
        return filled

    def earn(self, lot: Lot, points: int, cause: Cause) -> None:
        """Give points of an award into its lot, pending until the lot matured.

        What of the award was written off before is not earned a second time: the write-off is
        undone first, so that an award that shrinks and grows again ends where it began.
        """
        for own in self.lots:
            if own.written_off and own.award_id == cause.award_id:
                undone = min(points, own.written_off)
                self.post("write_back", "issued", "adjusted", undone, cause, own)
                points -= undone
        if lot.matured:
            self.make_available("earn", "issued", points, cause, lot)
        else:
            self.post("earn", "issued", "pending", points, cause, lot)

    def take_back(self, points: int, cause: Cause, policy: DebtPolicy = "owe") -> None:
        """Take points of an award back.

        In this order: what its own lots still hold, pending before available, its own expired
        points, other lots soonest-expiring first, and then debt, or a write-off where so set.
        """
        own = [lot for lot in self.lots if lot.award_id == cause.award_id]
        for lot in (lot for lot in own if not lot.matured):
            points -= self._take_from(lot, "pending", points, cause)
        for lot in soonest_expiring(lot for lot in own if lot.matured):
            points -= self._take_from(lot, "available", points, cause)
        for lot in own:
            reversed_points = min(points, lot.expired)
            self.post("take_back", "expired", "issued", reversed_points, cause, lot)
            points -= reversed_points
        for lot in soonest_expiring(lot for lot in self.lots if lot.matured):
            points -= self._take_from(lot, "available", points, cause)
        if policy == "owe":
            self.post("take_back", "available", "issued", points, cause)
        else:
            self.post("write_off", "adjusted", "issued", points, cause, own[0] if own else None)

    def _take_from(self, lot: Lot, account: str, points: int, cause: Cause) -> int:
        taken = min(points, lot.remaining)
        self.post("take_back", account, "issued", taken, cause, lot)
        return taken

    def spend(
        self, kind: str, credit: str, points: int, cause: Cause, *, into_debt: bool = False
    ) -> list[Taken]:
        """Move available points to `credit`, the soonest-expiring first; return what was taken.

        Raises NotEnoughPoints and changes nothing when there are fewer, unless `into_debt`.
        """
        if points > self.available and not into_debt:
            raise NotEnoughPoints(
                member_id=self.member_id,
                points_needed=points,
                points_available=max(self.available, 0),
                points_owed=self.debt,
            )
        taken = []
        for lot in soonest_expiring(lot for lot in self.lots if lot.matured):
            part = min(points, lot.remaining)
            if part:
                self.post(kind, "available", credit, part, cause, lot)
                taken.append(Taken(lot, part))
                points -= part
        if points:
            self.post(kind, "available", credit, points, cause)
            taken.append(Taken(None, points))
        return taken

    def apply_terms(
        self, terms: ExpiryTerms, last_active_at: datetime, now: datetime | None = None
    ) -> None:
        """Let every lot end when the terms say, given the member's last activity.

        Lots that become available after `now` wait: the terms may be others by then.
        """
        self.warning_days = terms.warning_days
        if terms.are_promises:
            return
        for lot in self.lots:
            if now is None or lot.available_at <= now:
                lot.expires_at = terms.end_of(lot.expires_at, lot.available_at, last_active_at)

    def revive(self, terms: ExpiryTerms, active_at: datetime, now: datetime) -> None:
        """Reverse expiries that an activity forbids which becomes known only now.

        Only of lots that lived at `active_at`, ended since, and would live still.
        """
        for lot in self.lots:
            end = lot.expires_at
            if not lot.expired or end is None or not active_at < end <= now:
                continue
            later = terms.end_of(end, lot.available_at, active_at)
            if later is None or later > now:
                number = self.sequence + len(self.postings) + 1
                cause = Cause(source=f"lot:{lot.id}:revive:{number}", at=now, award_id=lot.award_id)
                self.make_available("revive", "expired", lot.expired, cause, lot)
                lot.expires_at = later

    def bring_up_to(self, now: datetime) -> bool:
        """Mature and expire what is due by `now`, in the order it fell due; return if any was."""
        due: list[tuple[datetime, int, Lot]] = []
        for lot in self.lots:
            if not lot.matured and lot.available_at <= now:
                due.append((lot.available_at, 0, lot))
            if lot.expires_at is not None and lot.expires_at <= now:
                due.append((lot.expires_at, 1, lot))
        due.sort(key=lambda event: (event[0], event[1], event[2].id))
        before = len(self.postings)
        for at, expires, lot in due:
            if expires:
                self._expire(lot, at)
            else:
                self._mature(lot, at)
        return len(self.postings) > before

    def _mature(self, lot: Lot, at: datetime) -> None:
        lot.matured = True
        self.touched[lot.id] = lot
        cause = Cause(source=f"lot:{lot.id}:mature", at=at, award_id=lot.award_id)
        self.make_available("mature", "pending", lot.remaining, cause, lot)

    def _expire(self, lot: Lot, at: datetime) -> None:
        # A lot can expire again: when its award grows after the fact, or points come back to it.
        number = self.sequence + len(self.postings) + 1
        cause = Cause(source=f"lot:{lot.id}:expire:{number}", at=at, award_id=lot.award_id)
        self.post("expire", "available", "expired", lot.remaining, cause, lot)

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next lot matures or expires, or a warning becomes due after `now`."""
        moments = {lot.available_at for lot in self.lots if lot.remaining and not lot.matured}
        ends = {
            lot.expires_at
            for lot in self.lots
            if lot.remaining and lot.matured and lot.expires_at is not None
        }
        moments |= ends
        for days in self.warning_days:
            before = timedelta(days=days)
            moments |= {end - before for end in ends if end - before > now}
        return min(moments, default=None)

    def due_warnings(self, now: datetime) -> list[ExpiryWarning]:
        """Return what the member is to be warned of at `now`, for each moment the nearest warning.

        Held points are not counted: they do not expire while they are held.
        """
        last = now + timedelta(days=max(self.warning_days, default=0))
        ending = [
            (lot.expires_at, lot.remaining)
            for lot in self.lots
            if lot.matured
            and lot.remaining
            and lot.expires_at is not None
            and now < lot.expires_at <= last
        ]
        warnings = []
        for expires_at, lots in groupby(sorted(ending), key=lambda each: each[0]):
            days = [days for days in self.warning_days if expires_at - timedelta(days=days) <= now]
            if days:
                points = sum(remaining for _, remaining in lots)
                warnings.append(ExpiryWarning(expires_at, min(days), points))
        return warnings


def soonest_expiring(lots: Iterable[Lot]) -> list[Lot]:
    """Return the lots that hold points, the soonest-expiring first, those without end last."""
    return sorted((lot for lot in lots if lot.remaining), key=_expiry_order)


def _expiry_order(lot: Lot) -> tuple[bool, datetime, int]:
    return (lot.expires_at is None, lot.expires_at or lot.available_at, lot.id)


NewLotId = Callable[[], int]
"""Gives the id of a lot that is about to be opened."""
