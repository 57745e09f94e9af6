"""Proves what only a look at all of a ledger tells: that nothing is left over, gone or made up."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.ledger_checks import TOTALS
from app.domain.discrepancy import Discrepancy


class Totals(NamedTuple):
    """A row of app.db.ledger_checks.TOTALS: what is in the tables, whoever it belongs to."""

    postings: int = 0
    last_posting_id: int = 0
    awards: int = 0
    lots: int = 0
    transferred: int = 0
    """Points that left members for others, less those that came to them."""
    proved_before: int = 0
    """Postings that the proof before this one counted."""
    left_of_those: int = 0
    """Postings up to the last one that it counted."""


NO_TOTALS = Totals()
"""As long as nobody counted."""


def count_totals(session: Session, program_id: int) -> Totals:
    """Return the totals of a programme."""
    row = session.execute(text(TOTALS), {"program_id": program_id}).one()
    return Totals(*map(int, row))


def wrong_totals(totals: Totals, postings_of_members: int) -> Iterator[Discrepancy]:
    """Yield what is wrong with the totals, when the members together have so many postings."""
    if postings_of_members != totals.postings:
        yield _wrong("strays", totals.postings, postings_of_members)
    if totals.transferred:
        yield _wrong("transfers", 0, totals.transferred)
    # Postings are never fewer than they were.
    if totals.left_of_those < totals.proved_before:
        yield _wrong("vanished", totals.proved_before, totals.left_of_those)


def _wrong(what: str, expected: int, found: int) -> Discrepancy:
    return Discrepancy(what=what, where="", expected=str(expected), found=str(found))
