"""Redemptions as shoppers, staff and jobs look them up."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from app.db.models import Customer, Redemption
from app.db.wire import Answer, one_trip
from app.domain.redeeming import HOLDING


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionRow:
    """One redemption; `code` is encrypted."""

    id: int
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
    ready_at: datetime | None
    releasing_at: datetime | None
    released_at: datetime | None
    due_at: datetime | None


_NAMES = tuple(each.name for each in fields(RedemptionRow))
REDEMPTION_COLUMNS = ", ".join(_NAMES)
"""For statements on the wire; see `redemption_of`."""
_ONE = f"select {REDEMPTION_COLUMNS} from redemption where id = $1::bigint"  # noqa: S608 - names of our own columns


def redemption_of(redemptions: Answer) -> RedemptionRow | None:
    """Return the redemption whose REDEMPTION_COLUMNS were asked for, or None."""
    for row in redemptions.rows:
        return RedemptionRow(**dict(zip(_NAMES, row, strict=True)))
    return None


def _redemptions() -> Select[*tuple[Any, ...]]:
    return select(*(getattr(Redemption, name) for name in _NAMES))


def open_redemptions(session: Session, member_id: int) -> list[RedemptionRow]:
    """Return the member's redemptions whose points are held, newest first."""
    query = (
        _redemptions()
        .where(Redemption.member_id == member_id, Redemption.state.in_(HOLDING))
        .order_by(Redemption.id.desc())
        .limit(50)
    )
    return [RedemptionRow(**row._mapping) for row in session.execute(query)]


def get_redemption(
    session: Session, redemption_id: int, *, member_id: int | None = None
) -> RedemptionRow | None:
    """Return one redemption, of `member_id` when given, or None."""
    with one_trip(session) as trip:
        found = trip.ask(_ONE, (redemption_id,))
    row = redemption_of(found)
    return row if row is not None and member_id in (None, row.member_id) else None


def due_redemptions(
    session: Session, shop_id: int, states: Iterable[str], now: datetime, limit: int = 100
) -> list[int]:
    """Return ids of a shop's redemptions in `states` that a job has to look at, most due first."""
    query = (
        select(Redemption.id)
        .where(
            Redemption.shop_id == shop_id,
            Redemption.state.in_(tuple(states)),
            Redemption.due_at <= now,
        )
        .order_by(Redemption.due_at, Redemption.id)
        .limit(limit)
    )
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """Something that staff have to do for a member; `name` and `email` are encrypted."""

    redemption: RedemptionRow
    name: bytes | None
    email: bytes | None


def count_to_do(session: Session, program_id: int) -> int:
    """Return how many redemptions wait for staff."""
    return session.scalar(select(func.count()).where(*_waits_for_staff(program_id))) or 0


def to_do(session: Session, program_id: int, limit: int = 100) -> list[TaskRow]:
    """Return the redemptions that wait for staff, the oldest first."""
    query = (
        _redemptions()
        .add_columns(Customer.name, Customer.email)
        .outerjoin(
            Customer,
            and_(
                Customer.shop_id == Redemption.shop_id,
                Customer.customer_id == Redemption.customer_id,
            ),
        )
        .where(*_waits_for_staff(program_id))
        .order_by(Redemption.id)
        .limit(limit)
    )
    tasks = []
    for row in session.execute(query):
        values = dict(row._mapping)
        name, email = values.pop("name"), values.pop("email")
        tasks.append(TaskRow(redemption=RedemptionRow(**values), name=name, email=email))
    return tasks


def _waits_for_staff(program_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Redemption.program_id == program_id,
        Redemption.way == "by_staff",
        Redemption.state == "ready",
    )
