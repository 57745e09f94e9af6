"""Says who would move if tiers or their terms were saved, before anything is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.rulebook import load_rulebook
from app.db.tier_reviews import Moment, foresee
from app.domain.program_defaults import TierDraft
from app.domain.rulebook import Rulebook
from app.domain.tier_drafts import check_tiers, ranked
from app.domain.tier_terms import TierTerms
from app.domain.tiers import TierLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class TierForecast:
    """What becomes of one tier: of those there are and of those drafted."""

    name: str
    """As drafted; as it is now when it goes."""
    is_new: bool
    goes: bool
    members_now: int
    members_then: int
    moved_up: int
    """Members who come to it from a lower tier, or from none."""
    moved_down: int
    """Members who come to it from a higher tier, or from one that goes."""
    left: int
    """Members who leave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPreview:
    """What saving would do to every open member, as reckoned at `reckoned_at`."""

    tiers: Sequence[TierForecast]
    """From low to high, as drafted; those that go come last."""
    up: int
    down: int
    stay: int
    reckoned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Who moves at once, and how many go down once their days of grace are over."""

    at_once: TierPreview
    later_down: int
    grace_days: int


Counted = Mapping[tuple[int | None, int | None], int]
"""Members by the tier they leave and the one they come to."""


def foresee_tiers(
    session: Session,
    *,
    program_id: int,
    tiers: Sequence[TierDraft],
    terms: TierTerms,
    now: datetime,
) -> Foreseen:
    """Return who would move now and once grace is over; nothing is written. Raises InvalidTiers."""
    check_tiers(tiers, terms)
    rulebook = load_rulebook(session, program_id)
    at, later_at = moments(rulebook, tiers, terms, now)
    at_once, later = _moves(session, at), _moves(session, later_at) if later_at else {}
    return foreseen(rulebook, tiers, terms, at_once, later, now)


def preview_tiers(
    session: Session,
    *,
    program_id: int,
    tiers: Sequence[TierDraft],
    terms: TierTerms,
    now: datetime,
) -> TierPreview:
    """Return who would move, decided by the statements that decide once it is saved.

    Nothing is written. Raises InvalidTiers.
    """
    check_tiers(tiers, terms)
    rulebook = load_rulebook(session, program_id)
    at, _ = moments(rulebook, tiers, terms, now)
    return _preview(rulebook, tiers, _moves(session, at), now)


def moments(
    rulebook: Rulebook, tiers: Sequence[TierDraft], terms: TierTerms, now: datetime
) -> tuple[Moment, Moment | None]:
    """Return what a draft's members are reviewed by: now, and where it has any, without grace."""
    at = Moment(
        program_id=rulebook.program_id,
        levels=_levels(rulebook, tiers),
        terms=terms,
        iana_timezone=rulebook.iana_timezone,
        now=now,
        settings_changed=True,
    )
    if not terms.grace_days or terms.loss == "never":
        return at, None
    return at, at._replace(terms=replace(terms, grace_days=0))


def foreseen(
    rulebook: Rulebook,
    tiers: Sequence[TierDraft],
    terms: TierTerms,
    at_once: Counted,
    later: Counted,
    now: datetime,
) -> Foreseen:
    """Return in tiers what was counted in moves: `later` is empty where there is no grace."""
    preview = _preview(rulebook, tiers, at_once, now)
    down = _preview(rulebook, tiers, later, now).down
    return Foreseen(
        at_once=preview, later_down=max(down - preview.down, 0), grace_days=terms.grace_days
    )


def _moves(session: Session, at: Moment) -> Counted:
    return {(move.from_tier_id, move.to_tier_id): move.members for move in foresee(session, at)}


def _preview(
    rulebook: Rulebook, tiers: Sequence[TierDraft], moves: Counted, now: datetime
) -> TierPreview:
    present = {tier.id: tier for tier in rulebook.tiers}
    levels = _levels(rulebook, tiers)
    ranks = {level.id: level.rank for level in levels}
    gone = [tier for tier in rulebook.tiers if tier.id not in ranks]
    return TierPreview(
        tiers=[
            *(_forecast(level.id, level.name, moves, ranks, present) for level in levels),
            *(_forecast(tier.id, tier.name, moves, ranks, present) for tier in gone),
        ],
        up=sum(members for move, members in moves.items() if _direction(move, ranks) > 0),
        down=sum(members for move, members in moves.items() if _direction(move, ranks) < 0),
        stay=sum(members for move, members in moves.items() if _direction(move, ranks) == 0),
        reckoned_at=now,
    )


def _levels(rulebook: Rulebook, tiers: Sequence[TierDraft]) -> list[TierLevel]:
    present = {tier.id: tier for tier in rulebook.tiers}
    return [_level(rank, draft, present) for rank, draft in enumerate(ranked(tiers), 1)]


def _level(rank: int, draft: TierDraft, present: Mapping[int, TierLevel]) -> TierLevel:
    """Return a draft as a level; one that is new has a number that no tier has."""
    return TierLevel(
        id=draft.id if draft.id in present and draft.id is not None else -rank,
        name=draft.name,
        rank=rank,
        entry=draft.entry,
        entry_value=draft.entry_value,
        threshold=draft.threshold,
        multiplier_bp=draft.multiplier_bp,
    )


def _forecast(
    tier_id: int,
    name: str,
    moves: Counted,
    ranks: Mapping[int, int],
    present: Mapping[int, TierLevel],
) -> TierForecast:
    coming = {move: members for move, members in moves.items() if move[1] == tier_id}
    leaving = {move: members for move, members in moves.items() if move[0] == tier_id}
    return TierForecast(
        name=name,
        is_new=tier_id not in present,
        goes=tier_id not in ranks,
        members_now=sum(leaving.values()),
        members_then=sum(coming.values()),
        moved_up=sum(count for move, count in coming.items() if _direction(move, ranks) > 0),
        moved_down=sum(count for move, count in coming.items() if _direction(move, ranks) < 0),
        left=sum(count for (_, to), count in leaving.items() if to != tier_id),
    )


def _direction(move: tuple[int | None, int | None], ranks: Mapping[int, int]) -> int:
    """Return above 0 for a rise, below 0 for a fall, or for leaving a tier that goes."""
    old, new = move
    if old == new:
        return 0
    if old is not None and old not in ranks:
        return -1
    return ranks.get(new or 0, 0) - ranks.get(old or 0, 0)
