"""Gathers a member's postings into the lines of the history, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.queries.history import newest_sequences
from app.db.queries.postings import PostingRow, member_ledger, postings_of_sources

POSTINGS_READ = 24
"""At a time. Most entries begin with one posting that is not silent."""
ENTRIES_SHOWN = 20

# Moves that only carry out what an entry has told already.
SILENT = frozenset({"mature", "fill_debt", "prolong"})
OWN = frozenset({"pending", "available", "held"})
GATHERED = frozenset({"award", "redemption"})
"""What an entry gathers all postings of, however far apart; others only gather their neighbours."""

About = tuple[str, Any]
"""What an entry is about: award, redemption, expire, revive, transfer or adjust, and which."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """The postings that one line of the history is about, newest first."""

    about: About
    postings: list[PostingRow]

    @property
    def newest(self) -> PostingRow:
        """The posting that gives the entry its place."""
        return self.postings[0]

    @property
    def began_at(self) -> datetime:
        """When the first of its postings happened."""
        return self.postings[-1].occurred_at

    @property
    def net(self) -> int:
        """What its postings mean to the member in all."""
        return sum(change(posting) for posting in self.postings)


def change(posting: PostingRow) -> int:
    """Return what a posting means to the member: moves between their own accounts are nothing."""
    gained = posting.points if posting.credit_account in OWN else 0
    lost = posting.points if posting.debit_account in OWN else 0
    return gained - lost


def about(posting: PostingRow) -> About:
    """Return what a posting is about."""
    if posting.kind in ("expire", "revive"):
        return posting.kind, posting.occurred_at.date()
    if posting.redemption_id is not None:
        return "redemption", posting.redemption_id
    if posting.kind == "transfer":
        return "transfer", posting.occurred_at
    if posting.award_id is not None and posting.kind != "adjust":
        return "award", posting.award_id
    # One adjustment may take from several lots, all at its own moment.
    return "adjust", posting.occurred_at


def entries_page(
    session: Session, member_id: int, before: int | None = None
) -> tuple[list[Entry], int | None]:
    """Return a page of entries, newest first, and what the next page is before (None: no more).

    An award or a redemption stands where its newest posting does, with all of its postings, and is
    not told again on a later page. What is read depends on the page, not on the ledger's length.
    """
    entries: list[Entry] = []
    position = before
    while True:
        page = member_ledger(
            session, member_id, before=position, limit=POSTINGS_READ, without=SILENT
        )
        told = [] if before is None else _told_before(session, member_id, page.rows, before)
        for posting in page.rows:
            if (what := about(posting)) in told:
                continue
            entry = _entry_of(entries, what)
            if entry is not None:
                entry.postings.append(posting)
            elif len(entries) == ENTRIES_SHOWN:
                return _whole(session, member_id, entries), posting.sequence + 1
            else:
                entries.append(Entry(about=what, postings=[posting]))
        if page.older is None:
            return _whole(session, member_id, entries), None
        position = page.older


def _entry_of(entries: Sequence[Entry], what: About) -> Entry | None:
    """Return the entry that a posting about `what` belongs to, if the page has it already."""
    if what[0] in GATHERED:
        return next((entry for entry in entries if entry.about == what), None)
    return entries[-1] if entries and entries[-1].about == what else None


def _told_before(
    session: Session, member_id: int, rows: Sequence[PostingRow], before: int
) -> list[About]:
    """Return the awards and redemptions among the rows that stand on an earlier page."""
    found = {about(row) for row in rows}
    newest = newest_sequences(
        session,
        member_id,
        award_ids=[which for what, which in found if what == "award"],
        redemption_ids=[which for what, which in found if what == "redemption"],
        silent=SILENT,
    )
    return [what for what, sequence in newest.items() if sequence >= before]


def _whole(session: Session, member_id: int, entries: list[Entry]) -> list[Entry]:
    """Give awards and redemptions all of their postings, those beyond the page as well."""
    gathered = {entry.about: entry for entry in entries if entry.about[0] in GATHERED}
    rows = postings_of_sources(
        session,
        member_id,
        award_ids=[which for what, which in gathered if what == "award"],
        redemption_ids=[which for what, which in gathered if what == "redemption"],
    )
    for entry in gathered.values():
        entry.postings = []
    for row in rows:
        whose = None if row.kind in SILENT else gathered.get(about(row))
        if whose is not None:
            whose.postings.append(row)
    return entries
