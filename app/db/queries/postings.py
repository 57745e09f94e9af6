"""A member's ledger, newest first, with what each posting came from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.db.models import Award, Posting, PostingNote, Redemption


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRow:
    """One posting with its award's receipt, its redemption's terms and the note of staff."""

    sequence: int
    kind: str
    debit_account: str
    credit_account: str
    points: int
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    award_id: int | None
    source_kind: str | None
    source_id: str | None
    receipt: list[Any] | None
    award_points: int | None
    redemption_id: int | None
    terms: dict[str, Any] | None
    order_id: int | None
    note: bytes | None
    """Encrypted."""
    member_id: int


def ledger_page(
    session: Session, member_id: int, *, before: int | None = None, limit: int = 50
) -> list[PostingRow]:
    """Return up to `limit` postings of a member, newest first, before the sequence `before`."""
    query = (
        _postings()
        .where(Posting.member_id == member_id)
        .order_by(Posting.sequence.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Posting.sequence < before)
    return [PostingRow(**row._mapping) for row in session.execute(query)]


def program_postings(
    session: Session,
    program_id: int,
    account: str,
    *,
    since: datetime,
    before: datetime | None = None,
    limit: int = 50,
) -> list[PostingRow]:
    """Return a programme's postings from or to `account` recorded since a moment, newest first."""
    query = (
        _postings()
        .where(
            Posting.program_id == program_id,
            Posting.recorded_at >= since,
            or_(Posting.debit_account == account, Posting.credit_account == account),
        )
        .order_by(Posting.recorded_at.desc(), Posting.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Posting.recorded_at < before)
    return [PostingRow(**row._mapping) for row in session.execute(query)]


def _postings() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Posting.member_id,
            Posting.sequence,
            Posting.kind,
            Posting.debit_account,
            Posting.credit_account,
            Posting.points,
            Posting.actor,
            Posting.occurred_at,
            Posting.recorded_at,
            Posting.award_id,
            Award.source_kind,
            Award.source_id,
            Award.receipt,
            Award.points.label("award_points"),
            Posting.redemption_id,
            Redemption.terms,
            Redemption.order_id,
            PostingNote.note,
        )
        .outerjoin(Award, Award.id == Posting.award_id)
        .outerjoin(Redemption, Redemption.id == Posting.redemption_id)
        .outerjoin(PostingNote, PostingNote.posting_id == Posting.id)
    )
