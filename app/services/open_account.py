"""Locks one member's account and brings it up to date, so that a service can move its points."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts
from app.db.rulebook import load_expiry_terms
from app.domain.errors import MemberNotFound
from app.domain.member_account import MemberAccount


def open_account(
    session: Session, member_id: int, *, now: datetime, lot_ids: Iterable[int] = ()
) -> MemberAccount:
    """Return the member's account with its lots, matured and expired up to `now`.

    `lot_ids` are loaded besides those that hold points. Raises MemberNotFound.
    """
    loaded = lock_accounts(session, [member_id]).get(member_id)
    if loaded is None:
        raise MemberNotFound(member_id=member_id)
    load_lots(session, [loaded], lot_ids=lot_ids)
    loaded.bring_up_to(now, load_expiry_terms(session))
    return loaded
