"""One account becomes part of another: its points move through `transferred`, which nets to 0."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.ledger import Account, Cause, Lot, NewLotId, soonest_expiring
from app.domain.redeeming import Allocation


def merge_accounts(
    kept: Account,
    merged: Account,
    *,
    held: Iterable[Allocation],
    used: Iterable[Allocation],
    source: str,
    at: datetime,
    new_lot_id: NewLotId,
) -> None:
    """Move every point, held one and debt of `merged` to `kept`; lots keep award and dates.

    With a lot moves all that may come back to it: what open redemptions hold (`held`), what used
    ones took and have not returned (`used`), what expired and what was written off. The allocations
    end up pointing to lots of `kept`. Both accounts must be up to date, with their open lots and
    those that these allocations name.
    """
    move = _Move(kept=kept, merged=merged, source=source, at=at, new_lot_id=new_lot_id)
    for lot in list(merged.lots):
        move.remaining(lot)
        move.expired(lot)
        move.written_off(lot)
    for allocation in held:
        move.taken(allocation, "held")
    for allocation in used:
        move.taken(allocation, "redeemed")
    move.debt()


@dataclass(slots=True, kw_only=True)
class _Move:
    """A merger that is being made."""

    kept: Account
    merged: Account
    source: str
    at: datetime
    new_lot_id: NewLotId
    copies: dict[int, Lot] = field(default_factory=dict)
    """Lots of the kept account, by the lot of the merged one that each goes on from."""
    out: Cause = field(init=False)
    into: Cause = field(init=False)

    def __post_init__(self) -> None:
        self.out = Cause(source=self.source, at=self.at)
        self.into = Cause(source=f"{self.source}:in", at=self.at)

    def remaining(self, lot: Lot) -> None:
        """Move what can be spent, now or when the lot matures."""
        points = lot.remaining
        if not points:
            return
        account = "available" if lot.matured else "pending"
        self.merged.post("transfer", account, "transferred", points, self.out, lot)
        copy = self._copy(lot)
        if lot.matured:
            self.kept.make_available("transfer", "transferred", points, self.into, copy)
        else:
            self.kept.post("transfer", "transferred", "pending", points, self.into, copy)

    def expired(self, lot: Lot) -> None:
        """Move what expired: when its award shrinks, these points are the first to go."""
        points = lot.expired
        if points:
            self.merged.post("transfer", "expired", "transferred", points, self.out, lot)
            copy = self._copy(lot)
            self.kept.post("transfer", "transferred", "expired", points, self.into, copy)

    def written_off(self, lot: Lot) -> None:
        """Let the write-off be the kept account's, so that its award can undo it."""
        points = lot.written_off
        if points:
            source = f"{self.source}:lot:{lot.id}"
            out = Cause(source=source, at=self.at, award_id=lot.award_id)
            into = Cause(source=f"{source}:in", at=self.at, award_id=lot.award_id)
            self.merged.post("write_back", "issued", "adjusted", points, out, lot)
            self.kept.post("write_off", "adjusted", "issued", points, into, self._copy(lot))

    def taken(self, allocation: Allocation, account: str) -> None:
        """Move what a redemption took and may give back."""
        points = allocation.open_points
        copy = None if allocation.lot is None else self._copy(allocation.lot)
        self.merged.post("transfer", account, "transferred", points, self.out)
        self.kept.post("transfer", "transferred", account, points, self.into, copy)
        allocation.lot = copy

    def debt(self) -> None:
        """Let the kept account pay the merged one's debt from its lots, or owe it."""
        points = self.merged.debt
        self.merged.post("transfer", "transferred", "available", points, self.out)
        for lot in soonest_expiring(lot for lot in self.kept.lots if lot.matured):
            part = min(points, lot.remaining)
            self.kept.post("transfer", "available", "transferred", part, self.into, lot)
            points -= part
        self.kept.post("transfer", "available", "transferred", points, self.into)

    def _copy(self, lot: Lot) -> Lot:
        if lot.id not in self.copies:
            copy = Lot(
                id=self.new_lot_id(),
                award_id=lot.award_id,
                available_at=lot.available_at,
                expires_at=lot.expires_at,
                matured=lot.matured,
            )
            self.copies[lot.id] = copy
            self.kept.add_lot(copy)
        return self.copies[lot.id]
