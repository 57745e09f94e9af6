"""The moves of a redemption on a member's account: hold, capture, release, return, take again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.expiry import GRACE_AFTER_RETURN
from app.domain.ledger import Account, Cause, Lot, NewLotId, Taken

HOLDING = ("held", "ready", "releasing")
"""The states of a redemption whose points are held."""


@dataclass(slots=True, kw_only=True)
class Allocation:
    """Points that a redemption took from a lot (None: into debt) and how many it gave back."""

    lot: Lot | None
    points: int
    restored: int = 0
    id: int | None = None
    """None until it is written."""
    restored_before: int = 0
    """How many it had given back when it was read."""

    @property
    def open_points(self) -> int:
        """Points not given back."""
        return self.points - self.restored

    @property
    def is_changed(self) -> bool:
        """Whether it was made, or gave something back, since it was read."""
        return self.id is None or self.restored != self.restored_before


def remember(taken: Iterable[Taken]) -> list[Allocation]:
    """Return allocations for what a redemption just took."""
    return [Allocation(lot=part.lot, points=part.points) for part in taken]


def capture(account: Account, points: int, cause: Cause, credit: str = "redeemed") -> None:
    """Make held points spent for good, or donated."""
    account.post("capture", "held", credit, points, cause)


def release(
    account: Account,
    allocations: Sequence[Allocation],
    cause: Cause,
    new_lot_id: NewLotId,
    *,
    usable_until: datetime | None = None,
) -> None:
    """Give all held points back to their lots, last taken first.

    Where a lot would end before `usable_until`, its points go into a lot that ends then. Points do
    not expire while they are held: those of a lot that ended meanwhile can be used for some days.
    """
    points = sum(allocation.open_points for allocation in allocations)
    _give_back(account, allocations, points, "release", "held", cause, new_lot_id, usable_until)


def give_back_spent(
    account: Account,
    allocations: Sequence[Allocation],
    points: int,
    cause: Cause,
    new_lot_id: NewLotId,
    *,
    usable_until: datetime | None,
) -> None:
    """Give spent points back to their lots, last taken first; see `release`."""
    _give_back(account, allocations, points, "return", "redeemed", cause, new_lot_id, usable_until)


def _give_back(
    account: Account,
    allocations: Sequence[Allocation],
    points: int,
    kind: str,
    debit: str,
    cause: Cause,
    new_lot_id: NewLotId,
    usable_until: datetime | None,
) -> None:
    for allocation in reversed(allocations):
        part = min(points, allocation.open_points)
        if not part:
            continue
        allocation.restored += part
        points -= part
        if allocation.lot is None:
            # Taken into debt: no lot knows these points, so they get one of their own.
            account.post(kind, debit, "transferred", part, cause)
            end = usable_until or cause.at + GRACE_AFTER_RETURN
            lot = _open_lot(account, new_lot_id(), None, cause.at, end)
            account.make_available(kind, "transferred", part, cause, lot)
        else:
            filled = account.make_available(kind, debit, part, cause, allocation.lot)
            until = _end_after_return(allocation.lot, cause.at, usable_until)
            _prolong(account, allocation.lot, part - filled, cause, new_lot_id, until)


def _end_after_return(lot: Lot, at: datetime, usable_until: datetime | None) -> datetime | None:
    """Return until when points that come back to a lot are to be usable; None: as it has it."""
    if lot.expires_at is not None and lot.expires_at <= at:
        return max(usable_until or at, at + GRACE_AFTER_RETURN)
    return usable_until


def _prolong(
    account: Account,
    lot: Lot,
    points: int,
    cause: Cause,
    new_lot_id: NewLotId,
    usable_until: datetime | None,
) -> None:
    """Move points that would end too soon into a lot of the same award that ends later."""
    if not points or usable_until is None or lot.expires_at is None:
        return
    if lot.expires_at < usable_until:
        later = _open_lot(account, new_lot_id(), lot.award_id, lot.available_at, usable_until)
        account.post("prolong", "available", "transferred", points, cause, lot)
        account.post("prolong", "transferred", "available", points, cause, later)


def _open_lot(
    account: Account, lot_id: int, award_id: int | None, start: datetime, end: datetime | None
) -> Lot:
    lot = Lot(id=lot_id, award_id=award_id, available_at=start, expires_at=end, matured=True)
    account.add_lot(lot)
    return lot


def total_open(allocations: Iterable[Allocation]) -> int:
    """Return the points that redemptions took and have not given back."""
    return sum(allocation.open_points for allocation in allocations)
