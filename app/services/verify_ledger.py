"""Proves a programme's ledger: everything cached equals what the postings say, and none changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.db.chain import next_link
from app.db.ledger_checks import CHECKS
from app.db.models import Member
from app.db.models import Posting as PostingRow
from app.domain.ledger import Posting

MOST_REPORTED = 100
"""Of each kind; a ledger that is wrong everywhere is told so often enough."""
ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """Something that does not equal what the postings say."""

    what: str
    """The check that found it: a key of app.db.ledger_checks.CHECKS, or chain."""
    where: str
    expected: str
    found: str


def verify_ledger(session: Session, *, program_id: int, ledger_key: bytes) -> list[Discrepancy]:
    """Return everything wrong with the programme's ledger; an empty list proves it.

    One snapshot of the database is looked at, whatever is posted meanwhile, when the session's
    transaction is repeatable read.
    """
    # Joins of whole tables: on statistics older than a replay, nested loops would take hours.
    session.execute(text("set local enable_nestloop = off"))
    found = []
    for what, query in CHECKS.items():
        rows = session.execute(text(f"{query} limit {MOST_REPORTED}"), {"program_id": program_id})
        found += [
            Discrepancy(what=what, where=row.place, expected=row.expected, found=row.found)
            for row in rows
        ]
    broken = _broken_links(session, program_id, ledger_key)
    found += [each for each, _ in zip(broken, range(MOST_REPORTED), strict=False)]
    return found


def _broken_links(session: Session, program_id: int, ledger_key: bytes) -> Iterator[Discrepancy]:
    """Recompute every member's chain in order, some thousand postings at a time."""
    heads = _heads(session, program_id)
    member_id, sequence, link = 0, 0, b""
    for row in _postings(session, program_id):
        if row.member_id != member_id:
            yield from _wrong_head(heads, member_id, link)
            member_id, sequence, link = row.member_id, 0, b""
        sequence += 1
        link = next_link(
            ledger_key,
            link,
            program_id=program_id,
            member_id=member_id,
            sequence=sequence,
            posting=Posting._make(row[4:]),
            actor=row.actor,
            recorded_at=row.recorded_at,
        )
        if link != row.hash:
            yield Discrepancy(
                what="chain",
                where=f"member {member_id}, posting {sequence}",
                expected=link.hex(),
                found=row.hash.hex(),
            )
            # What follows is judged by itself: one change is one discrepancy.
            link = row.hash
    yield from _wrong_head(heads, member_id, link)
    for left, head in heads.items():
        if head:
            yield Discrepancy(
                what="chain", where=f"head of member {left}", expected="", found=head.hex()
            )


def _wrong_head(heads: dict[int, bytes], member_id: int, link: bytes) -> Iterator[Discrepancy]:
    head = heads.pop(member_id, b"")
    if head != link:
        yield Discrepancy(
            what="chain",
            where=f"head of member {member_id}",
            expected=link.hex(),
            found=head.hex(),
        )


def _heads(session: Session, program_id: int) -> dict[int, bytes]:
    rows = session.execute(
        select(Member.id, Member.chain_head).where(Member.program_id == program_id)
    )
    return {row.id: row.chain_head for row in rows}


def _postings(session: Session, program_id: int) -> Iterator[Row[Any]]:
    return iter(
        session.execute(
            select(
                PostingRow.member_id,
                PostingRow.hash,
                PostingRow.actor,
                PostingRow.recorded_at,
                PostingRow.kind,
                PostingRow.debit_account,
                PostingRow.credit_account,
                PostingRow.points,
                PostingRow.source_key,
                PostingRow.occurred_at,
                PostingRow.award_id,
                PostingRow.redemption_id,
                PostingRow.lot_id,
            )
            .where(PostingRow.program_id == program_id)
            .order_by(PostingRow.member_id, PostingRow.sequence)
            .execution_options(yield_per=ROWS_AT_A_TIME)
        )
    )
