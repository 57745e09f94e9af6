"""Lets staff give a member a tier whatever is measured, and take that back."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.bulk import insert_rows
from app.db.models import Member, TierChange, TierChangeNote
from app.db.rulebook import load_rulebook
from app.db.tier_tally import change_row
from app.domain.errors import LoyaltyError, MemberNotFound
from app.domain.rulebook import Rulebook
from app.domain.tier_review import TierReason
from app.domain.tier_tally import TierMove
from app.services.revise_tiers import revise_members


class TierNotFound(LoyaltyError):
    """The programme has no such tier (any more)."""

    def __init__(self, *, tier_id: int) -> None:
        super().__init__()
        self.tier_id = tier_id


class PinEndsTooEarly(LoyaltyError):
    """The pin would end before it begins."""

    def __init__(self, *, until: datetime) -> None:
        super().__init__()
        self.until = until


def pin_tier(
    session: Session,
    *,
    program_id: int,
    member_id: int,
    tier_id: int,
    until: datetime | None,
    note: bytes | None,
    actor: str,
    now: datetime,
) -> bool:
    """Let the member hold a tier until a moment, or until staff unpins it, and no other.

    `note` is why, encrypted. The same pin again changes nothing and returns False. Raises
    MemberNotFound, TierNotFound and PinEndsTooEarly.
    """
    rulebook = load_rulebook(session, program_id)
    if rulebook.tier(tier_id) is None:
        raise TierNotFound(tier_id=tier_id)
    if until is not None and until <= now:
        raise PinEndsTooEarly(until=until)
    member = _lock(session, program_id, member_id)
    if (member.pinned_tier_id, member.pinned_until) == (tier_id, until):
        return False
    _set_pin(session, member_id, tier_id, until)
    changed = revise_members(session, rulebook, [member_id], now=now, actor=actor)
    _record(session, rulebook, member_id, "pinned", changed, note, actor, now)
    return True


def unpin_tier(
    session: Session,
    *,
    program_id: int,
    member_id: int,
    note: bytes | None,
    actor: str,
    now: datetime,
) -> bool:
    """End a pin: the member holds at once what is earned or granted, without days of grace.

    A member who is not pinned stays as they are, and False is returned. Raises MemberNotFound.
    """
    rulebook = load_rulebook(session, program_id)
    member = _lock(session, program_id, member_id)
    if member.pinned_tier_id is None:
        return False
    _set_pin(session, member_id, member.pinned_tier_id, now)
    changed = revise_members(session, rulebook, [member_id], now=now, actor=actor)
    _record(session, rulebook, member_id, "unpinned", changed, note, actor, now)
    return True


def _lock(session: Session, program_id: int, member_id: int) -> Member:
    member = session.scalars(
        select(Member)
        .where(Member.program_id == program_id, Member.id == member_id, Member.closed_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if member is None:
        raise MemberNotFound(member_id=member_id)
    session.expunge(member)
    return member


def _set_pin(session: Session, member_id: int, tier_id: int, until: datetime | None) -> None:
    session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(pinned_tier_id=tier_id, pinned_until=until, version=Member.version + 1)
    )


def _record(
    session: Session,
    rulebook: Rulebook,
    member_id: int,
    reason: TierReason,
    changed: int,
    note: bytes | None,
    actor: str,
    now: datetime,
) -> None:
    """Record what staff did also where the tier stays, and keep the note beside it."""
    if not changed:
        tier_id = session.scalar(select(Member.tier_id).where(Member.id == member_id))
        tier = rulebook.tier(tier_id)
        move = TierMove(member_id, tier, tier, reason, None)
        insert_rows(session, TierChange, [change_row(rulebook.program_id, move, now, actor)])
    if note is None:
        return
    change_id = session.scalars(
        select(TierChange.id)
        .where(TierChange.member_id == member_id)
        .order_by(TierChange.id.desc())
        .limit(1)
    ).one()
    session.add(
        TierChangeNote(
            tier_change_id=change_id, program_id=rulebook.program_id, note=note, created_at=now
        )
    )
    session.flush()
