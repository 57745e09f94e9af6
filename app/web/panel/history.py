"""What happened, newest first: each award opens into its receipt, each deduction is explained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.queries.history import (
    AwardRow,
    TakenReward,
    awards_by_id,
    names_of_orders,
    taken_rewards,
)
from app.db.queries.postings import PostingRow, ledger_page
from app.web.panel.reader import Reader
from app.web.panel.receipts import (
    Receipts,
    award_receipt,
    moved_receipt,
    read_receipts,
    redemption_receipt,
)
from app.words.formats import points_text, signed, whole
from app.words.rewards import reward_title

POSTINGS_READ = 300
ENTRIES_SHOWN = 30

# Moves that only carry out what an entry has told already.
SILENT = frozenset({"mature", "fill_debt", "prolong"})
OWN = frozenset({"pending", "available", "held"})
# Entries whose receipt says which points they moved.
MOVED = frozenset({"expire", "transfer", "adjust"})


@dataclass(slots=True, kw_only=True)
class _Entry:
    """The postings that one line of the history is about, newest first."""

    postings: list[PostingRow]

    @property
    def newest(self) -> PostingRow:
        return self.postings[0]

    @property
    def began_at(self) -> datetime:
        return self.postings[-1].occurred_at

    @property
    def net(self) -> int:
        return sum(_change(posting) for posting in self.postings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """What the entries came from, by id."""

    awards: dict[int, AwardRow]
    rewards: dict[int, TakenReward]
    order_names: dict[int, str]
    receipts: Receipts


def history(session: Session, reader: Reader) -> tuple[list[dict[str, Any]], bool]:
    """Return the newest entries, and whether there are more."""
    postings = ledger_page(session, reader.membership.member_id, limit=POSTINGS_READ)
    entries = _entries(postings)
    shown = entries[:ENTRIES_SHOWN]
    sources = _sources(session, reader, shown)
    more = len(entries) > len(shown) or len(postings) == POSTINGS_READ
    return [_told(reader, entry, sources) for entry in shown], more


def _entries(postings: Sequence[PostingRow]) -> list[_Entry]:
    """Gather the postings of one award, redemption, adjustment or day of expiry; newest first."""
    entries: dict[tuple[str, Any], _Entry] = {}
    for posting in postings:
        if posting.kind in SILENT:
            continue
        entries.setdefault(_about(posting), _Entry(postings=[])).postings.append(posting)
    return list(entries.values())


def _about(posting: PostingRow) -> tuple[str, Any]:
    if posting.kind == "expire":
        return "expire", posting.occurred_at.date()
    if posting.redemption_id is not None:
        return "redemption", posting.redemption_id
    if posting.kind == "transfer":
        return "transfer", posting.occurred_at
    if posting.award_id is not None and posting.kind != "adjust":
        return "award", posting.award_id
    # One adjustment may take from several lots, all at its own moment.
    return "adjust", posting.occurred_at


def _sources(session: Session, reader: Reader, entries: Sequence[_Entry]) -> _Sources:
    newest = [entry.newest for entry in entries]
    awards = awards_by_id(session, [row.award_id for row in newest if row.award_id])
    rewards = taken_rewards(session, [row.redemption_id for row in newest if row.redemption_id])
    order_ids = {award.order_id for award in awards.values()}
    order_ids |= {reward.order_id for reward in rewards.values()}
    names = names_of_orders(session, [order_id for order_id in order_ids if order_id])
    receipts = read_receipts(
        session,
        reader,
        award_ids=awards,
        redemption_ids=rewards,
        sequences=[
            posting.sequence
            for entry in entries
            if _about(entry.newest)[0] in MOVED
            for posting in entry.postings
        ],
    )
    return _Sources(awards=awards, rewards=rewards, order_names=names, receipts=receipts)


def _told(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    tellers: dict[str, Callable[[Reader, _Entry, _Sources], dict[str, Any]]] = {
        "award": _award,
        "redemption": _redemption,
        "expire": _expiry,
        "transfer": _transfer,
        "adjust": _adjustment,
    }
    about, _ = _about(entry.newest)
    told: dict[str, Any] = {"date": reader.day(entry.began_at), "note": ""}
    told |= tellers[about](reader, entry, sources)
    points: int = told.pop("net")
    told["points"] = signed(points, reader.words.locale)
    told["sign"] = "plus" if points > 0 else "minus" if points < 0 else "none"
    return told


def _award(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    words, award = reader.words, sources.awards[entry.newest.award_id or 0]
    title = words.gettext("Welcome")
    if award.order_id is not None:
        name = sources.order_names.get(award.order_id, "")
        title = words.gettext("Order %(name)s", name=name).strip()
    return {
        "title": title,
        "note": " · ".join(_award_notes(reader, entry, award)),
        "net": award.points,
        **award_receipt(reader, sources.receipts, award.id),
    }


def _award_notes(reader: Reader, entry: _Entry, award: AwardRow) -> list[str]:
    notes = []
    words = reader.words
    taken = -sum(_change(row) for row in entry.postings if row.kind == "take_back")
    if taken:
        points = points_text(taken, reader.program.points_name, words.locale)
        notes.append(words.gettext("%(points)s taken back as the order changed", points=points))
    if award.points and award.available_at is not None and award.available_at > reader.now:
        notes.append(words.gettext("usable from %(day)s", day=reader.day(award.available_at)))
    return notes


def _redemption(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    reward = sources.rewards[entry.newest.redemption_id or 0]
    terms = reward.terms
    return {
        "title": reward_title(
            reader.words, terms["type"], terms["config"], reader.program.currency
        ),
        "note": _redemption_note(reader, entry, reward, sources),
        "net": 0 if _came_back(entry, reward) else reward.returned - reward.points,
        **redemption_receipt(reader, sources.receipts, reward.id),
    }


def _came_back(entry: _Entry, reward: TakenReward) -> bool:
    """Return whether a reward that ended unused gave its points back; the rules may keep them."""
    return reward.state == "released" and all(row.kind != "capture" for row in entry.postings)


def _redemption_note(reader: Reader, entry: _Entry, reward: TakenReward, sources: _Sources) -> str:
    words = reader.words
    if reward.state == "held":
        return words.gettext("on its way")
    if reward.state == "ready":
        return words.gettext("ready for your cart")
    if reward.state == "released" and not _came_back(entry, reward):
        return words.gettext("not used in time")
    if reward.state == "released":
        points = points_text(reward.points, reader.program.points_name, words.locale)
        if reward.release_reason == "lapsed":
            return words.gettext("not used in time, %(points)s given back", points=points)
        return words.gettext("%(points)s given back", points=points)
    name = sources.order_names.get(reward.order_id or 0, "")
    note = words.gettext("used on order %(name)s", name=name).strip()
    if reward.returned:
        returned = whole(reward.returned, words.locale)
        note += " · " + words.gettext("%(points)s came back with a refund", points=returned)
    return note


def _expiry(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("Expired")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _transfer(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("Your accounts were joined")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _adjustment(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("A gift from the shop")
    if entry.net < 0:
        title = reader.words.gettext("Corrected by the shop")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _moved(reader: Reader, entry: _Entry, sources: _Sources) -> dict[str, Any]:
    changes = [(posting.sequence, _change(posting)) for posting in entry.postings]
    return moved_receipt(reader, sources.receipts, [each for each in changes if each[1]])


def _change(posting: PostingRow) -> int:
    """Return what a posting means to the member: moves between their own accounts are nothing."""
    gained = posting.points if posting.credit_account in OWN else 0
    lost = posting.points if posting.debit_account in OWN else 0
    return gained - lost
