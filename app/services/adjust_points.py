"""Lets staff give points to a member or take some away."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.accounts import save_accounts
from app.db.ids import allocate_ids
from app.db.models import Lot as LotRow
from app.db.models import Posting, PostingNote
from app.db.rulebook import load_rulebook
from app.domain.expiry import expires_at
from app.domain.ledger import Cause, Lot
from app.services.open_account import open_account


def adjust_points(
    session: Session,
    *,
    program_id: int,
    member_id: int,
    points: int,
    key: str,
    actor: str,
    note: bytes | None,
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Add `points` (usable at once, expiring by the rules) or, below zero, take them away.

    The same `key` again changes nothing. `note` is encrypted. Raises NotEnoughPoints when more is
    to be taken than is available.
    """
    loaded = open_account(session, member_id, now=now)
    source = f"adjust:{member_id}:{key}"
    if _posted(session, program_id, source) is not None:
        return
    cause = Cause(source=source, at=now)
    if points < 0:
        loaded.account.spend("adjust", "adjusted", -points, cause)
    elif points > 0:
        rulebook = load_rulebook(session, program_id)
        [lot_id] = allocate_ids(session, LotRow, 1)
        lot = Lot(
            id=lot_id,
            award_id=None,
            available_at=now,
            expires_at=expires_at(now, rulebook.newest, rulebook.iana_timezone),
            matured=True,
        )
        loaded.account.add_lot(lot)
        loaded.account.make_available("adjust", "adjusted", points, cause, lot)
    save_accounts(
        session, [loaded], program_id=program_id, now=now, ledger_key=ledger_key, actor=actor
    )
    posting_id = _posted(session, program_id, source)
    if note is not None and posting_id is not None:
        session.add(
            PostingNote(posting_id=posting_id, program_id=program_id, note=note, created_at=now)
        )
        session.flush()


def _posted(session: Session, program_id: int, source: str) -> int | None:
    """Return the first posting of an adjustment, if it was made."""
    return session.scalar(
        select(Posting.id).where(
            Posting.program_id == program_id, Posting.source_key == f"{source}:1"
        )
    )
