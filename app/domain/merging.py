"""One account becomes part of another: its points move through `transferred`, which nets to 0."""

from app.domain.ledger import Account, Cause, Lot, NewLotId, soonest_expiring
from app.domain.redeeming import Allocation


def merge_accounts(
    kept: Account,
    merged: Account,
    held: list[Allocation],
    source: Cause,
    new_lot_id: NewLotId,
) -> None:
    """Move every point, held one and debt of `merged` to `kept`; lots keep award and dates.

    `held` are the open allocations of the merged account's redemptions: they end up pointing to
    lots of `kept`, so that a later release finds them. Both accounts must be up to date.
    """
    target = Cause(source=f"{source.source}:in", at=source.at)
    copies: dict[int, Lot] = {}
    for lot in [lot for lot in merged.lots if lot.remaining]:
        copy = _copy(kept, copies, lot, new_lot_id)
        account, points = "available" if lot.matured else "pending", lot.remaining
        merged.post("transfer", account, "transferred", points, source, lot)
        if lot.matured:
            kept.make_available("transfer", "transferred", points, target, copy)
        else:
            kept.post("transfer", "transferred", "pending", points, target, copy)
    for allocation in held:
        points = allocation.open_points
        merged.post("transfer", "held", "transferred", points, source)
        copied = allocation.lot and _copy(kept, copies, allocation.lot, new_lot_id)
        kept.post("transfer", "transferred", "held", points, target, copied)
        allocation.lot = copied
    _move_debt(kept, merged, source, target)


def _copy(kept: Account, copies: dict[int, Lot], lot: Lot, new_lot_id: NewLotId) -> Lot:
    if lot.id not in copies:
        copies[lot.id] = Lot(
            id=new_lot_id(),
            award_id=lot.award_id,
            available_at=lot.available_at,
            expires_at=lot.expires_at,
            matured=lot.matured,
        )
        kept.add_lot(copies[lot.id])
    return copies[lot.id]


def _move_debt(kept: Account, merged: Account, source: Cause, target: Cause) -> None:
    """Let the kept account pay the merged one's debt from its lots, or owe it."""
    debt = merged.debt
    merged.post("transfer", "transferred", "available", debt, source)
    for lot in soonest_expiring(lot for lot in kept.lots if lot.matured):
        part = min(debt, lot.remaining)
        kept.post("transfer", "available", "transferred", part, target, lot)
        debt -= part
    kept.post("transfer", "available", "transferred", debt, target)
