"""Awards of orders as rows, and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson
from sqlalchemy.orm import Session

from app.db.bulk import Row, texts
from app.db.wire import Answer, Trip, one_trip
from app.domain.award import Pin, ReceiptLine, Reckoning
from app.domain.order_award import OrderAward
from app.domain.receipt import stored_line

_OF_ORDERS = """
    select source_id, id, member_id, pin::text, points, revision from award
    where program_id = $1::bigint and source_kind = 'order' and source_id = any($2::text[])
"""


def load_order_awards(
    session: Session, program_id: int, source_ids: Iterable[str]
) -> dict[str, OrderAward]:
    """Return the awards of orders by source id (`{shop_id}:{order_id}`)."""
    with one_trip(session) as trip:
        awards = ask_order_awards(trip, program_id, source_ids)
    return order_awards_of(awards)


def ask_order_awards(trip: Trip, program_id: int, source_ids: Iterable[str]) -> Answer:
    """Ask for what `load_order_awards` loads; see `order_awards_of`."""
    return trip.ask(_OF_ORDERS, (program_id, texts(source_ids)))


def order_awards_of(awards: Answer) -> dict[str, OrderAward]:
    """Return the awards that were asked for, by source id."""
    return {
        found: OrderAward(
            id=award_id,
            member_id=member_id,
            pin=Pin(**orjson.loads(pin)),
            points=points,
            revision=revision,
        )
        for found, award_id, member_id, pin, points, revision in awards.rows
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
