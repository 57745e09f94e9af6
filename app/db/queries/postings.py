"""Pages of a ledger, newest first, with what each posting came from.

Every page starts where the one before it ended, found by index: one deep in a long ledger costs
what the first one costs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import Award, Posting, PostingNote, Redemption

Cursor = TypeVar("Cursor")
"""Where a page starts or ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRow:
    """One posting with its award's source, its redemption's terms and the note of staff."""

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
    redemption_id: int | None
    terms: dict[str, Any] | None
    order_id: int | None
    note: bytes | None
    """Encrypted."""
    member_id: int


class Moment(NamedTuple):
    """Where in a programme's postings a page starts or ends."""

    recorded_at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Cursor]):
    """Some postings, newest first, and where the pages beside them start."""

    rows: list[PostingRow]
    newer: Cursor | None
    """Postings after this are on the page of newer ones; None on the first page."""
    older: Cursor | None
    """Postings before this are on the page of older ones; None on the last page."""


def member_ledger(
    session: Session,
    member_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
    without: Collection[str] = (),
) -> Page[int]:
    """Return a page of a member's postings: the newest, or those before or after a sequence.

    Postings of the kinds `without` are left out.
    """
    query = _postings().where(Posting.member_id == member_id).limit(limit + 1)
    if without:
        query = query.where(Posting.kind.not_in(without))
    if after is not None:
        query = query.where(Posting.sequence > after).order_by(Posting.sequence)
    else:
        query = query.order_by(Posting.sequence.desc())
        if before is not None:
            query = query.where(Posting.sequence < before)
    rows = [PostingRow(**row._mapping) for row in session.execute(query)]
    return _page(rows, [row.sequence for row in rows], limit, before, after)


def ledger_page(
    session: Session, member_id: int, *, before: int | None = None, limit: int = 50
) -> list[PostingRow]:
    """Return up to `limit` postings of a member, newest first, before the sequence `before`."""
    return member_ledger(session, member_id, before=before, limit=limit).rows


def program_postings(
    session: Session,
    program_id: int,
    account: str,
    *,
    since: datetime,
    before: Moment | None = None,
    after: Moment | None = None,
    limit: int = 50,
) -> Page[Moment]:
    """Return a page of a programme's postings from or to `account` recorded since a moment."""
    place = tuple_(Posting.recorded_at, Posting.id)
    query = (
        _postings(Posting.id.label("id"))
        .where(
            Posting.program_id == program_id,
            Posting.recorded_at >= since,
            or_(Posting.debit_account == account, Posting.credit_account == account),
        )
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(place > after).order_by(Posting.recorded_at, Posting.id)
    else:
        query = query.order_by(Posting.recorded_at.desc(), Posting.id.desc())
        if before is not None:
            query = query.where(place < before)
    rows, moments = [], []
    for row in session.execute(query):
        values = dict(row._mapping)
        moments.append(Moment(row.recorded_at, values.pop("id")))
        rows.append(PostingRow(**values))
    return _page(rows, moments, limit, before, after)


def _page(
    rows: list[PostingRow],
    cursors: list[Cursor],
    limit: int,
    before: Cursor | None,
    after: Cursor | None,
) -> Page[Cursor]:
    """Return a page of rows that were read in the direction of reading, one too many if any."""
    more = len(rows) > limit
    rows, cursors = rows[:limit], cursors[:limit]
    if after is not None:
        rows.reverse()
        cursors.reverse()
        has_newer, has_older = more, bool(rows)
    else:
        has_newer, has_older = before is not None and bool(rows), more
    return Page(
        rows=rows,
        newer=cursors[0] if has_newer else None,
        older=cursors[-1] if has_older else None,
    )


def postings_of_sources(
    session: Session,
    member_id: int,
    *,
    award_ids: Collection[int],
    redemption_ids: Collection[int],
) -> list[PostingRow]:
    """Return all postings of a member about some awards and redemptions, newest first."""
    query = (
        _postings()
        .where(
            Posting.member_id == member_id,
            or_(
                among(Posting.award_id, award_ids),
                among(Posting.redemption_id, redemption_ids),
            ),
        )
        .order_by(Posting.sequence.desc())
    )
    return [PostingRow(**row._mapping) for row in session.execute(query)]


def _postings(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *more,
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
            Posting.redemption_id,
            Redemption.terms,
            Redemption.order_id,
            PostingNote.note,
        )
        .outerjoin(Award, Award.id == Posting.award_id)
        .outerjoin(Redemption, Redemption.id == Posting.redemption_id)
        .outerjoin(PostingNote, PostingNote.posting_id == Posting.id)
    )
