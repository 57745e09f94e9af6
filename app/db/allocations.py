"""What redemptions took from which lots, as rows and back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import Row, among, insert_rows, update_rows
from app.db.ids import allocate_ids
from app.db.models import Allocation as AllocationRow
from app.domain.ledger import Taken
from app.domain.member_account import MemberAccount
from app.domain.redeeming import Allocation


def load_allocation_rows(
    session: Session, redemption_ids: Iterable[int]
) -> defaultdict[int, list[Row]]:
    """Return the allocations of redemptions in the order they were taken, by redemption."""
    rows = session.execute(
        select(
            AllocationRow.id,
            AllocationRow.redemption_id,
            AllocationRow.lot_id,
            AllocationRow.points,
            AllocationRow.restored,
        )
        .where(among(AllocationRow.redemption_id, redemption_ids))
        .order_by(AllocationRow.id)
    )
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.redemption_id].append(dict(row._mapping))
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
        )
        for row in rows
    ]


def remember(session: Session, taken: Sequence[Taken]) -> list[Allocation]:
    """Return allocations for what a redemption just took, not written yet."""
    ids = allocate_ids(session, AllocationRow, len(taken))
    return [
        Allocation(id=id_, lot=part.lot, points=part.points, is_new=True)
        for id_, part in zip(ids, taken, strict=True)
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
            "id": each.id,
            "member_id": member_id,
            "lot_id": None if each.lot is None else each.lot.id,
            "restored": each.restored,
        }
        if each.is_new:
            row |= {
                "program_id": program_id,
                "redemption_id": redemption_id,
                "points": each.points,
            }
            new.append(row)
        else:
            old.append(row)
    insert_rows(session, AllocationRow, new)
    update_rows(session, AllocationRow, old)
