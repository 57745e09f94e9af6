"""Counts who would move by a draft of tiers, part by part, for whoever looks at its page."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.db.models import Member, TierOutlook
from app.db.rulebook import load_rulebook
from app.db.tier_reviews import LAST_ID, Move, foresee
from app.domain.program_defaults import TierDraft
from app.domain.tier_drafts import check_tiers
from app.domain.tier_terms import TierTerms
from app.services.preview_tiers import (
    Foreseen,
    TierForecast,
    TierPreview,
    foreseen,
    moments,
)

KEPT_FOR = timedelta(days=1)
MEMBERS_AT_A_TIME = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How far the counting has come; `found` when it is done, and None when it failed."""

    typed: Sequence[tuple[str, str]]
    counting: bool
    members_total: int
    members_done: int
    found: Foreseen | None


def start_counting(
    session: Session,
    *,
    program_id: int,
    typed: Sequence[tuple[str, str]],
    tiers: Sequence[TierDraft],
    terms: TierTerms,
    now: datetime,
) -> int:
    """Note a draft to be counted and forget those of days ago; return its id. Raises InvalidTiers."""
    check_tiers(tiers, terms)
    session.execute(delete(TierOutlook).where(TierOutlook.requested_at < now - KEPT_FOR))
    outlook = TierOutlook(
        program_id=program_id,
        typed=[list(field) for field in typed],
        tiers=[asdict(tier) for tier in tiers],
        terms=asdict(terms),
        state="counting",
        last_member_id=0,
        members_total=_open_members(session, program_id),
        members_done=0,
        moves=[],
        later_moves=[],
        found=None,
        requested_at=now,
    )
    session.add(outlook)
    session.flush()
    return outlook.id


def count_next(session: Session, outlook_id: int, now: datetime) -> bool:
    """Count some ten thousand members; return whether there are more.

    Each part sees its members as they are then. A draft that is forgotten or done is left alone.
    """
    outlook = session.scalar(
        select(TierOutlook).where(TierOutlook.id == outlook_id).with_for_update(key_share=True)
    )
    if outlook is None or outlook.state != "counting":
        return False
    tiers = [TierDraft(**each) for each in outlook.tiers]
    terms = TierTerms(**outlook.terms)
    rulebook = load_rulebook(session, outlook.program_id)
    first, last = outlook.last_member_id + 1, _last_of_part(session, outlook)
    now_at, later_at = moments(rulebook, tiers, terms, now)
    counted = foresee(session, now_at, first, last)
    later = foresee(session, later_at, first, last) if later_at else []
    outlook.moves = _added(outlook.moves, counted)
    outlook.later_moves = _added(outlook.later_moves, later)
    outlook.members_done += sum(move.members for move in counted)
    outlook.last_member_id = last
    if last == LAST_ID:
        at_once, in_time = _counted(outlook.moves), _counted(outlook.later_moves)
        outlook.found = _stored(foreseen(rulebook, tiers, terms, at_once, in_time, now))
        outlook.state = "done"
    session.flush()
    return last != LAST_ID


def fail_counting(session: Session, outlook_id: int) -> None:
    """Note that the moves cannot be counted, so that nobody waits for them."""
    session.execute(update(TierOutlook).where(TierOutlook.id == outlook_id).values(state="failed"))


def read_outlook(session: Session, outlook_id: int) -> Outlook | None:
    """Return how far a draft is counted; None when it is forgotten, or another programme's."""
    outlook = session.get(TierOutlook, outlook_id)
    if outlook is None:
        return None
    return Outlook(
        typed=[(name, value) for name, value in outlook.typed],
        counting=outlook.state == "counting",
        members_total=outlook.members_total,
        members_done=outlook.members_done,
        found=_found(outlook.found) if outlook.found else None,
    )


def _open_members(session: Session, program_id: int) -> int:
    open_members = (Member.program_id == program_id) & Member.closed_at.is_(None)
    return session.scalar(select(func.count()).select_from(Member).where(open_members)) or 0


def _last_of_part(session: Session, outlook: TierOutlook) -> int:
    found = session.scalar(
        select(Member.id)
        .where(
            Member.program_id == outlook.program_id,
            Member.closed_at.is_(None),
            Member.id > outlook.last_member_id,
        )
        .order_by(Member.id)
        .offset(MEMBERS_AT_A_TIME - 1)
        .limit(1)
    )
    return LAST_ID if found is None else found


def _added(known: Sequence[Sequence[Any]], more: Sequence[Move]) -> list[Any]:
    """Return moves with those of another part; JSON has no keys that are pairs."""
    total = _counted(known)
    for move in more:
        key = (move.from_tier_id, move.to_tier_id)
        total[key] = total.get(key, 0) + move.members
    return [[old, new, members] for (old, new), members in total.items()]


def _counted(moves: Sequence[Sequence[Any]]) -> dict[tuple[int | None, int | None], int]:
    return {(old, new): members for old, new, members in moves}


def _stored(found: Foreseen) -> dict[str, Any]:
    stored = asdict(found)
    stored["at_once"]["reckoned_at"] = found.at_once.reckoned_at.isoformat()
    return stored


def _found(stored: dict[str, Any]) -> Foreseen:
    at_once = stored["at_once"]
    return Foreseen(
        at_once=TierPreview(
            tiers=[TierForecast(**tier) for tier in at_once["tiers"]],
            up=at_once["up"],
            down=at_once["down"],
            stay=at_once["stay"],
            reckoned_at=datetime.fromisoformat(at_once["reckoned_at"]),
        ),
        later_down=stored["later_down"],
        grace_days=stored["grace_days"],
    )
