"""Proves the chains of some members: no posting was changed, removed, put in or put elsewhere."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.db.chain import linker
from app.db.ledger_streams import HEADS, POSTINGS, UNIX_EPOCH_US, stream
from app.domain.discrepancy import Discrepancy

NO_LINK = b""


def verify_chains(
    session: Session, *, program_id: int, first: int, last: int, ledger_key: bytes
) -> tuple[int, list[Discrepancy]]:
    """Recompute the chains of the members with ids in [first, last].

    Returns the number of postings and what is wrong. Each posting is judged by the stored link
    before it, so that one change is one discrepancy.
    """
    values = {"program_id": program_id, "first": first, "last": last}
    heads = {row[0]: (row[1], row[2]) for rows in stream(session, HEADS, values) for row in rows}
    link = linker(ledger_key)
    found: list[Discrepancy] = []
    count = member_id = number = 0
    previous = NO_LINK
    for rows in stream(session, POSTINGS, values):
        count += len(rows)
        for row in rows:
            stored = row[14]
            if row[1] != member_id:
                found += _wrong_end(heads, member_id, number, previous)
                member_id, number, previous = row[1], 0, NO_LINK
            number += 1
            if row[2] != number:
                found.append(_missing(member_id, number, row[2]))
                number = row[2]
            fields = (*row[:12], row[12] + UNIX_EPOCH_US, row[13] + UNIX_EPOCH_US)
            if link(previous, fields) != stored:
                found.append(_changed(member_id, number, link(previous, fields), stored))
            previous = stored
    found += _wrong_end(heads, member_id, number, previous)
    for member_id in list(heads):
        found += _wrong_end(heads, member_id, 0, NO_LINK)
    return count, found


def _wrong_end(
    heads: dict[int, tuple[int, bytes]], member_id: int, number: int, link: bytes
) -> Iterator[Discrepancy]:
    """Compare the end of a chain with what the member's row says of it."""
    count, head = heads.pop(member_id, (number, link))
    if count != number:
        yield Discrepancy(
            what="counters", where=f"member:{member_id}", expected=str(number), found=str(count)
        )
    if head != link:
        yield Discrepancy(
            what="chain_heads",
            where=f"member:{member_id}",
            expected=_short(link),
            found=_short(head),
        )


def _missing(member_id: int, expected: int, found: int) -> Discrepancy:
    return Discrepancy(
        what="chain",
        where=f"member:{member_id} posting:{expected}",
        expected=f"#{expected}",
        found=f"#{found}",
    )


def _changed(member_id: int, number: int, expected: bytes, found: bytes) -> Discrepancy:
    return Discrepancy(
        what="chain",
        where=f"member:{member_id} posting:{number}",
        expected=_short(expected),
        found=_short(found),
    )


def _short(link: bytes) -> str:
    """Return enough of a link to tell it from another."""
    return link.hex()[:16]
