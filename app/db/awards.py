"""Awards of orders as rows, and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import Row, among_texts
from app.db.models import Award
from app.domain.award import Pin, ReceiptLine, Reckoning
from app.domain.order_award import OrderAward
from app.domain.receipt import stored_line


def load_order_awards(
    session: Session, program_id: int, source_ids: Iterable[str]
) -> dict[str, OrderAward]:
    """Return the awards of orders by source id (`{shop_id}:{order_id}`)."""
    rows = session.execute(
        select(
            Award.source_id, Award.id, Award.member_id, Award.pin, Award.points, Award.revision
        ).where(
            Award.program_id == program_id,
            Award.source_kind == "order",
            among_texts(Award.source_id, source_ids),
        )
    )
    return {
        row.source_id: OrderAward(
            id=row.id,
            member_id=row.member_id,
            pin=Pin(**row.pin),
            points=row.points,
            revision=row.revision,
        )
        for row in rows
    }


def source_row(
    *,
    award_id: int,
    program_id: int,
    member_id: int,
    source_kind: str,
    source_id: str,
    pin: Pin,
    reckoning: Reckoning,
    source_input: Row,
    now: datetime,
) -> Row:
    """Return the row of an award that is no order's, with what it was reckoned from."""
    row = award_row(
        award_id=award_id,
        program_id=program_id,
        member_id=member_id,
        source_kind=source_kind,
        source_id=source_id,
        pin=pin,
        points=reckoning.points,
        receipt=reckoning.receipt,
        now=now,
    )
    return row | {"input": source_input}


def award_row(
    *,
    award_id: int,
    program_id: int,
    member_id: int,
    source_kind: str,
    source_id: str,
    pin: Pin,
    points: int,
    receipt: Sequence[ReceiptLine],
    now: datetime,
) -> Row:
    """Return the row of a new award."""
    return {
        "id": award_id,
        "program_id": program_id,
        "member_id": member_id,
        "source_kind": source_kind,
        "source_id": source_id,
        "rule_version_id": pin.rule_version_id,
        "pin": pin,
        "points": points,
        "revision": 1,
        "receipt": [stored_line(line) for line in receipt],
        "created_at": now,
        "reckoned_at": now,
    }


def revised_award_row(award: OrderAward, now: datetime) -> Row:
    """Return what changes in the row of an award that was reckoned again."""
    return {
        "id": award.id,
        "member_id": award.member_id,
        "points": award.points,
        "revision": award.revision,
        "receipt": [stored_line(line) for line in award.receipt],
        "reckoned_at": now,
    }
