"""Has every member looked at anew when the programme warns of expiry on other days."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

LOOK = text("""
with waiting as (
    select id from member
    where program_id = :program_id and next_due_at > :now
    order by id for no key update
)
update member
set next_due_at = greatest(:now, next_due_at - make_interval(days => cast(:days as int)))
from waiting where member.id = waiting.id
""")
"""In the order of their ids, so that no batch that locks members waits in a circle."""


def look_ahead_again(
    session: Session, *, program_id: int, days: tuple[int, ...], now: datetime
) -> None:
    """Let members be due early enough for warnings so many days before points expire.

    Being due too early does no harm: a member who has nothing to do is looked at once and waits
    until their next moment.
    """
    if days:
        session.execute(LOOK, {"program_id": program_id, "now": now, "days": max(days)})
