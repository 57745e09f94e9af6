"""What happened to a member's points, with all that a shopper is told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import Award, CustomerOrder, Lot, Posting, Redemption


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRow:
    """An award as it stands, and from when on its points can be used."""

    id: int
    source_kind: str
    order_id: int | None
    points: int
    available_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenReward:
    """A redemption as it stands."""

    id: int
    terms: dict[str, Any]
    way: str
    choice: dict[str, Any]
    points: int
    returned: int
    state: str
    release_reason: str | None
    order_id: int | None


def awards_by_id(session: Session, award_ids: Sequence[int]) -> dict[int, AwardRow]:
    """Return awards by id."""
    rows = session.execute(
        select(
            Award.id,
            Award.source_kind,
            Award.source_id,
            Award.points,
            func.min(Lot.available_at).label("available_at"),
        )
        .outerjoin(Lot, Lot.award_id == Award.id)
        .where(Award.id.in_(award_ids))
        .group_by(Award.id)
    )
    return {
        row.id: AwardRow(
            id=row.id,
            source_kind=row.source_kind,
            order_id=int(row.source_id.rpartition(":")[2]) if row.source_kind == "order" else None,
            points=row.points,
            available_at=row.available_at,
        )
        for row in rows
    }


def taken_rewards(session: Session, redemption_ids: Sequence[int]) -> dict[int, TakenReward]:
    """Return redemptions by id."""
    rows = session.execute(
        select(
            Redemption.id,
            Redemption.terms,
            Redemption.way,
            Redemption.choice,
            Redemption.points,
            Redemption.returned,
            Redemption.state,
            Redemption.release_reason,
            Redemption.order_id,
        ).where(Redemption.id.in_(redemption_ids))
    )
    return {row.id: TakenReward(**row._mapping) for row in rows}


def names_of_orders(session: Session, order_ids: Sequence[int]) -> dict[int, str]:
    """Return the names ("#1043") of the tenant's orders by id; unknown ones are left out."""
    rows = session.execute(
        select(CustomerOrder.order_id, CustomerOrder.name).where(
            CustomerOrder.order_id.in_(order_ids)
        )
    )
    return {row.order_id: row.name for row in rows}


def newest_sequences(
    session: Session,
    member_id: int,
    *,
    award_ids: Collection[int],
    redemption_ids: Collection[int],
    silent: Collection[str],
) -> dict[tuple[str, int], int]:
    """Return the number of the newest posting about each award and redemption, by ("award", id).

    Postings of the kinds `silent` are not counted, nor what only touches an award's lot.
    """
    told = (
        Posting.member_id == member_id,
        Posting.kind.not_in(silent),
        Posting.kind.not_in(("expire", "revive")),
    )
    found: dict[tuple[str, int], int] = {}
    of_redemptions = (
        select(Posting.redemption_id, func.max(Posting.sequence))
        .where(*told, among(Posting.redemption_id, redemption_ids))
        .group_by(Posting.redemption_id)
    )
    of_awards = (
        select(Posting.award_id, func.max(Posting.sequence))
        .where(
            *told,
            Posting.kind.not_in(("transfer", "adjust")),
            Posting.redemption_id.is_(None),
            among(Posting.award_id, award_ids),
        )
        .group_by(Posting.award_id)
    )
    for what, query in (("redemption", of_redemptions), ("award", of_awards)):
        for source_id, sequence in session.execute(query):
            if source_id is not None:
                found[what, source_id] = sequence
    return found
