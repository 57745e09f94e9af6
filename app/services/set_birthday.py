"""Keeps a member's birthday, without the year."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.bulk import upsert_rows
from app.db.models import Member, MemberBirthday
from app.domain.errors import LoyaltyError, MemberNotFound

LEAP_YEAR = 2028


class InvalidBirthday(LoyaltyError):
    """No year has such a day."""

    def __init__(self, *, month: int, day: int) -> None:
        super().__init__()
        self.month = month
        self.day = day


def set_birthday(
    session: Session,
    *,
    program_id: int,
    member_id: int,
    birthday: tuple[int, int] | None,
    actor: str,
    now: datetime,
) -> None:
    """Keep the birthday as (month, day), or forget it with None.

    A bonus that is given within 12 months is not given again, whatever the day is changed to.
    Raises InvalidBirthday and MemberNotFound.
    """
    found = select(Member.id).where(
        Member.program_id == program_id, Member.id == member_id, Member.closed_at.is_(None)
    )
    if session.scalar(found.with_for_update(key_share=True)) is None:
        raise MemberNotFound(member_id=member_id)
    if birthday is None:
        session.execute(delete(MemberBirthday).where(MemberBirthday.member_id == member_id))
        return
    month, day = birthday
    try:
        date(LEAP_YEAR, month, day)
    except ValueError as error:
        raise InvalidBirthday(month=month, day=day) from error
    row = {
        "member_id": member_id,
        "program_id": program_id,
        "month_day": 100 * month + day,
        "set_at": now,
        "set_by": actor,
    }
    upsert_rows(session, MemberBirthday, [row])


def birthday_of(session: Session, member_id: int) -> tuple[int, int] | None:
    """Return a member's birthday as (month, day)."""
    month_day = session.scalar(
        select(MemberBirthday.month_day).where(MemberBirthday.member_id == member_id)
    )
    return None if month_day is None else divmod(month_day, 100)
