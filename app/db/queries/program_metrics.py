"""The figures of a programme, each reckoned from its postings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.db.models import Member, Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFigures:
    """What happened in a period [from, until)."""

    new_members: int
    issued: int
    """Points earned, less those taken back from awards."""
    redeemed: int
    """Points captured by orders, less those returned."""


def period_figures(
    session: Session, program_id: int, start: datetime, end: datetime
) -> PeriodFigures:
    """Return the figures of a programme for postings recorded in [start, end)."""
    in_period = (
        Posting.program_id == program_id,
        Posting.recorded_at >= start,
        Posting.recorded_at < end,
    )
    issued, redeemed = session.execute(
        select(
            _net(Posting.debit_account == "issued", Posting.credit_account == "issued"),
            _net(Posting.credit_account == "redeemed", Posting.debit_account == "redeemed"),
        ).where(*in_period)
    ).one()
    new_members = session.scalar(
        select(func.count())
        .select_from(Member)
        .where(Member.program_id == program_id, Member.joined_at >= start, Member.joined_at < end)
    )
    return PeriodFigures(new_members=new_members or 0, issued=int(issued), redeemed=int(redeemed))


def _net(plus: ColumnElement[bool], minus: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(
        func.sum(case((plus, Posting.points), (minus, -Posting.points), else_=0)), 0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """What members hold now."""

    members: int
    available: int
    pending: int
    held: int

    @property
    def points(self) -> int:
        """All points that may still be spent."""
        return self.available + self.pending + self.held


def outstanding(session: Session, program_id: int) -> Outstanding:
    """Return the number of open members and the sums of their balances."""
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Member.available), 0),
            func.coalesce(func.sum(Member.pending), 0),
            func.coalesce(func.sum(Member.held), 0),
        ).where(Member.program_id == program_id, Member.closed_at.is_(None))
    ).one()
    return Outstanding(members=row[0], available=int(row[1]), pending=int(row[2]), held=int(row[3]))
