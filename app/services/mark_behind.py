"""Has every member pushed to Shopify anew, a few at a time: what all of them see changed."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.models import Member, Program


def mark_all_behind(session: Session, program_id: int) -> None:
    """Note that every member of the programme is behind.

    A million rows are not written for it: `mark_next_behind` does, as fast as they are pushed.
    """
    session.execute(update(Program).where(Program.id == program_id).values(behind_after=0))


def mark_next_behind(session: Session, program_id: int, limit: int) -> bool:
    """Mark the next members of those who are all behind; return whether there were any left."""
    programs = select(Program.behind_after).where(Program.id == program_id)
    if session.scalar(programs) is None:
        return False
    after = session.scalar(programs.with_for_update(key_share=True))
    if after is None:
        return False
    ids = session.scalars(
        select(Member.id)
        .where(Member.program_id == program_id, Member.closed_at.is_(None), Member.id > after)
        .order_by(Member.id)
        .limit(limit)
        .with_for_update(key_share=True)
    ).all()
    session.execute(
        update(Member)
        .where(Member.id.in_(ids), Member.behind.is_(False))
        .values(version=Member.version + 1)
    )
    session.execute(
        update(Program)
        .where(Program.id == program_id)
        .values(behind_after=ids[-1] if ids else None)
    )
    return True
