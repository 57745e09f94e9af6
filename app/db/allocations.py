"""What redemptions took from which lots, as rows and back."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.db.bulk import Row, bigints, insert_rows, update_rows
from app.db.models import Allocation as AllocationRow
from app.db.wire import Answer, Trip, one_trip
from app.domain.member_account import MemberAccount
from app.domain.redeeming import Allocation

_COLUMNS = ("id", "lot_id", "points", "restored")
_OF_REDEMPTIONS = f"""
    select redemption_id, {", ".join(_COLUMNS)} from allocation
    where redemption_id = any($1::bigint[]) order by id
"""  # noqa: S608 - names of our own columns


def load_allocation_rows(
    session: Session, redemption_ids: Iterable[int]
) -> defaultdict[int, list[Row]]:
    """Return the allocations of redemptions in the order they were taken, by redemption."""
    with one_trip(session) as trip:
        allocations = ask_allocations(trip, redemption_ids)
    return allocation_rows_of(allocations)


def ask_allocations(trip: Trip, redemption_ids: Iterable[int]) -> Answer:
    """Ask for what `load_allocation_rows` loads; see `allocation_rows_of`."""
    return trip.ask(_OF_REDEMPTIONS, (bigints(redemption_ids),))


def allocation_rows_of(allocations: Answer) -> defaultdict[int, list[Row]]:
    """Return the allocations that were asked for, by redemption."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for redemption_id, *values in allocations.rows:
        found[redemption_id].append(dict(zip(_COLUMNS, values, strict=True)))
    return found


def lot_ids_of(rows: Iterable[Row]) -> list[int]:
    """Return the lots that these allocations took from."""
    return [row["lot_id"] for row in rows if row["lot_id"] is not None]


def with_lots(rows: Iterable[Row], loaded: MemberAccount) -> list[Allocation]:
    """Return the allocations with the lots of a loaded account."""
    lots = {lot.id: lot for lot in loaded.account.lots}
    return [
        Allocation(
            id=row["id"],
            lot=lots.get(row["lot_id"]),
            points=row["points"],
            restored=row["restored"],
            restored_before=row["restored"],
        )
        for row in rows
    ]


def save_allocations(
    session: Session,
    allocations: Iterable[Allocation],
    *,
    program_id: int,
    member_id: int,
    redemption_id: int,
) -> None:
    """Write a redemption's allocations; the lots that they name must be written before."""
    new: list[Row] = []
    old: list[Row] = []
    for each in allocations:
        row: Row = {
            "member_id": member_id,
            "lot_id": None if each.lot is None else each.lot.id,
            "restored": each.restored,
        }
        if each.id is None:
            row |= {
                "program_id": program_id,
                "redemption_id": redemption_id,
                "points": each.points,
            }
            new.append(row)
        else:
            old.append(row | {"id": each.id})
    insert_rows(session, AllocationRow, new)
    update_rows(session, AllocationRow, old)
