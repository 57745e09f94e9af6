"""What happened, newest first: each award opens into its receipt, each deduction is explained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.db.queries.history import (
    AwardRow,
    TakenReward,
    awards_by_id,
    names_of_orders,
    taken_rewards,
)
from app.web.panel.entries import Entry, change, entries_page
from app.web.panel.reader import Reader
from app.web.panel.receipts import (
    Receipts,
    award_receipt,
    moved_receipt,
    read_receipts,
    redemption_receipt,
)
from app.web.panel.used import taken_title, used_note, where_it_is
from app.words.formats import points_text, signed
from app.words.sources import source_name

# Entries whose receipt says which points they moved.
MOVED = frozenset({"expire", "revive", "transfer", "adjust"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """What the entries came from, by id."""

    awards: dict[int, AwardRow]
    rewards: dict[int, TakenReward]
    order_names: dict[int, str]
    receipts: Receipts


def history(
    session: Session, reader: Reader, before: int | None = None
) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page of entries, newest first, and what the next page is before (None: no more)."""
    entries, older = entries_page(session, reader.membership.member_id, before)
    sources = _sources(session, reader, entries)
    return [_told(reader, entry, sources) for entry in entries], older


def _sources(session: Session, reader: Reader, entries: Sequence[Entry]) -> _Sources:
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
            if entry.about[0] in MOVED
            for posting in entry.postings
        ],
    )
    return _Sources(awards=awards, rewards=rewards, order_names=names, receipts=receipts)


def _told(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    tellers: dict[str, Callable[[Reader, Entry, _Sources], dict[str, Any]]] = {
        "award": _award,
        "redemption": _redemption,
        "expire": _expiry,
        "revive": _revival,
        "transfer": _transfer,
        "adjust": _adjustment,
    }
    told: dict[str, Any] = {"date": reader.day(entry.began_at), "note": ""}
    told |= tellers[entry.about[0]](reader, entry, sources)
    points: int = told.pop("net")
    told["points"] = signed(points, reader.words.locale)
    told["sign"] = "plus" if points > 0 else "minus" if points < 0 else "none"
    return told


def _award(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    words, award = reader.words, sources.awards[entry.newest.award_id or 0]
    title = source_name(words, award.source_kind)
    if award.order_id is not None:
        name = sources.order_names.get(award.order_id, "")
        title = words.gettext("Order %(name)s", name=name).strip()
    return {
        "title": title,
        "note": " · ".join(_award_notes(reader, entry, award)),
        "net": award.points,
        **award_receipt(reader, sources.receipts, award.id),
    }


def _award_notes(reader: Reader, entry: Entry, award: AwardRow) -> list[str]:
    notes = []
    words = reader.words
    taken = -sum(change(row) for row in entry.postings if row.kind == "take_back")
    if taken:
        points = points_text(taken, reader.program.points_name, words.locale)
        notes.append(words.gettext("%(points)s taken back as the order changed", points=points))
    if award.points and award.available_at is not None and award.available_at > reader.now:
        notes.append(words.gettext("usable from %(day)s", day=reader.day(award.available_at)))
    return notes


def _redemption(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    reward = sources.rewards[entry.newest.redemption_id or 0]
    return {
        "title": taken_title(reader, reward),
        "note": _redemption_note(reader, entry, reward, sources),
        "net": 0 if _came_back(entry, reward) else reward.returned - reward.points,
        **redemption_receipt(reader, sources.receipts, reward.id),
    }


def _came_back(entry: Entry, reward: TakenReward) -> bool:
    """Return whether a reward that ended unused gave its points back; the rules may keep them."""
    return reward.state == "released" and all(row.kind != "capture" for row in entry.postings)


def _redemption_note(reader: Reader, entry: Entry, reward: TakenReward, sources: _Sources) -> str:
    words = reader.words
    if reward.state == "held":
        return words.gettext("on its way")
    if reward.state == "ready":
        return where_it_is(words, reward)
    if reward.state == "releasing":
        return words.gettext("being given back")
    if reward.state == "released" and not _came_back(entry, reward):
        return words.gettext("not used in time")
    if reward.state == "released":
        points = points_text(reward.points, reader.program.points_name, words.locale)
        if reward.release_reason == "lapsed":
            return words.gettext("not used in time, %(points)s given back", points=points)
        return words.gettext("%(points)s given back", points=points)
    return used_note(words, reward, sources.order_names)


def _expiry(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("Expired")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _revival(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("Back again: you had shopped in time")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _transfer(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("Your accounts were joined")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _adjustment(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    title = reader.words.gettext("A gift from the shop")
    if entry.net < 0:
        title = reader.words.gettext("Corrected by the shop")
    return {"title": title, "net": entry.net, **_moved(reader, entry, sources)}


def _moved(reader: Reader, entry: Entry, sources: _Sources) -> dict[str, Any]:
    changes = [(posting.sequence, change(posting)) for posting in entry.postings]
    return moved_receipt(reader, sources.receipts, [each for each in changes if each[1]])
