"""Redemptions as their steps read and write them, under the lock of their member."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.bulk import update_rows
from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow
from app.db.wire import Answer, Trip


@dataclass(slots=True, kw_only=True)
class RedemptionStep:
    """A redemption that a step of its life may change; `code` is encrypted."""

    id: int
    program_id: int
    member_id: int
    shop_id: int
    customer_id: int
    reward_id: int
    terms: dict[str, Any]
    way: str
    choice: dict[str, Any]
    points: int
    returned: int
    state: str
    surface: str
    code: bytes | None
    discount_gid: str | None
    credit_asked_at: datetime | None
    debit_asked_at: datetime | None
    withdrawn_gid: str | None
    created_at: datetime
    expires_at: datetime
    order_id: int | None
    release_reason: str | None
    released_by: str | None
    asked_at: datetime | None
    ready_at: datetime | None
    releasing_at: datetime | None
    released_at: datetime | None
    used_at: datetime | None
    due_at: datetime | None

    def as_it_stands(self) -> RedemptionRow:
        """Return what others see of it."""
        return RedemptionRow(**{name: getattr(self, name) for name in _SEEN})


_COLUMNS = tuple(each.name for each in fields(RedemptionStep))
_SEEN = tuple(each.name for each in fields(RedemptionRow))
_CHANGED = (
    "id",
    "state",
    "returned",
    "discount_gid",
    "order_id",
    "release_reason",
    "released_by",
    "ready_at",
    "releasing_at",
    "released_at",
    "used_at",
    "due_at",
)
_LOCK = f"select {', '.join(_COLUMNS)} from redemption where id = $1::bigint for update"  # noqa: S608 - names of our own columns


def ask_step(trip: Trip, redemption_id: int) -> Answer:
    """Ask for a redemption, to be locked; see `step_of`."""
    return trip.ask(_LOCK, (redemption_id,))


def step_of(redemptions: Answer) -> RedemptionStep | None:
    """Return the redemption that was asked for, or None."""
    for row in redemptions.rows:
        return RedemptionStep(**dict(zip(_COLUMNS, row, strict=True)))
    return None


def save_step(session: Session, step: RedemptionStep) -> None:
    """Write what a step may have changed."""
    update_rows(session, Redemption, [{name: getattr(step, name) for name in _CHANGED}])
