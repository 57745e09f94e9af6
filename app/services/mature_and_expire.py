"""Matures and expires the points that are due, some members at a time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts, save_accounts
from app.db.models import Member
from app.db.rulebook import load_expiry_terms


def mature_and_expire(
    session: Session, *, program_id: int, now: datetime, ledger_key: bytes, limit: int = 500
) -> int:
    """Bring up to `limit` members up to date; return how many, so call until it is 0.

    Running late or twice changes nothing: points fall due at their own moment, and every other
    move brings its member up to date first.
    """
    due = session.scalars(
        select(Member.id)
        .where(Member.program_id == program_id, Member.next_due_at <= now)
        .order_by(Member.next_due_at)
        .limit(limit)
    ).all()
    # Who is locked is being brought up to date by another move, or has their turn next time.
    accounts = lock_accounts(session, due, skip_locked=True)
    load_lots(session, accounts.values())
    terms = load_expiry_terms(session)
    for loaded in accounts.values():
        loaded.bring_up_to(now, terms)
        # Even when nothing moved: the moment it was due is past and must be reckoned anew.
        loaded.changed = True
    save_accounts(session, accounts.values(), program_id=program_id, now=now, ledger_key=ledger_key)
    return len(accounts)
