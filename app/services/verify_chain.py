"""Proves the chains of some members: no posting was changed, removed, put in or put elsewhere."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.db.chain import linker
from app.domain.discrepancy import Discrepancy

NO_LINK = b""


class ChainProof:
    """Recomputes chains from postings that come member by member, in order.

    Each posting is judged by the stored link before it, so that one change is one discrepancy.
    """

    def __init__(self, heads: dict[int, tuple[int, bytes]], ledger_key: bytes) -> None:
        """Expect of each member, by id, so many postings and that last link."""
        self._heads = heads
        self._link = linker(ledger_key)
        self._member_id = self._number = 0
        self._previous = NO_LINK
        self._found: list[Discrepancy] = []

    def take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take in rows of app.db.ledger_streams.POSTINGS."""
        link, found = self._link, self._found
        member_id, number, previous = self._member_id, self._number, self._previous
        for row in rows:
            if row[2] != member_id:
                found += self._wrong_end(member_id, number, previous)
                member_id, number, previous = row[2], 0, NO_LINK
            number += 1
            if row[3] != number:
                found.append(_missing(member_id, number, row[3]))
                number = row[3]
            stored, expected = row[0], link(previous, row[1:])
            if expected != stored:
                found.append(_changed(member_id, number, expected, stored))
            previous = stored
        self._member_id, self._number, self._previous = member_id, number, previous

    def end(self) -> list[Discrepancy]:
        """Return what is wrong, when all postings were taken in."""
        self._found += self._wrong_end(self._member_id, self._number, self._previous)
        for member_id in list(self._heads):
            self._found += self._wrong_end(member_id, 0, NO_LINK)
        return self._found

    def _wrong_end(self, member_id: int, number: int, link: bytes) -> Iterator[Discrepancy]:
        """Compare the end of a chain with what the member's row says of it."""
        count, head = self._heads.pop(member_id, (number, link))
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
