"""Reckons members' tiers: of those for whom time may have changed something, or of all."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.models import Member, Program, Tier
from app.db.rulebook import load_rulebook
from app.db.tier_reviews import LAST_ID, Moment, decide, lock_due, lock_members
from app.domain.rulebook import Rulebook
from app.services.mark_behind import mark_all_behind

EVERYBODY = (0, LAST_ID)
"""The ids of all members."""


def moment_of(session: Session, program_id: int, now: datetime) -> Moment:
    """Return what members are reviewed by at `now`; after new settings, all are."""
    rulebook = load_rulebook(session, program_id)
    settled = session.scalar(select(Program.tiers_settled).where(Program.id == program_id))
    return moment(rulebook, now, settings_changed=not settled)


def moment(rulebook: Rulebook, now: datetime, *, settings_changed: bool = False) -> Moment:
    """Return what members are reviewed by at `now`."""
    return Moment(
        program_id=rulebook.program_id,
        levels=rulebook.tiers,
        terms=rulebook.tier_terms,
        iana_timezone=rulebook.iana_timezone,
        now=now,
        settings_changed=settings_changed,
    )


def revise_tiers(session: Session, *, program_id: int, now: datetime) -> int:
    """Raise, keep or lower every open member whose review is due; return how many changed.

    After new settings everybody is reviewed. All in one transaction: app.flows.revise_tiers does
    the same in parts.
    """
    at = moment_of(session, program_id, now)
    changed = revise_range(session, at, *EVERYBODY)
    settle(session, at)
    return changed


def revise_range(session: Session, at: Moment, first: int, last: int) -> int:
    """Review the members with ids in [first, last]; return how many changed."""
    changed = 0
    if at.settings_changed:
        passed_over = 1
        while passed_over:
            lock_members(session, at, "all", first=first, last=last)
            decided, passed_over = decide(session, at, "all", "system", first=first, last=last)
            changed += decided
        return changed
    # Those that have been due for more than a window go down step by step.
    while due := lock_due(session, at, first=first, last=last):
        changed += decide(session, at, "named", "system", ids=due).changed
        if at.terms.loss != "step":
            break
    return changed


def revise_members(
    session: Session,
    rulebook: Rulebook,
    member_ids: Sequence[int],
    *,
    now: datetime,
    actor: str = "system",
) -> int:
    """Review some members at once: a pin, a tag or a company changed; return how many changed."""
    at = moment(rulebook, now)
    lock_members(session, at, "named", ids=list(member_ids))
    return decide(session, at, "named", actor, ids=list(member_ids)).changed


def settle(session: Session, at: Moment) -> None:
    """Note that everybody was reviewed since the last new settings, unless there are newer ones."""
    if not at.settings_changed:
        return
    # The programme before its members, as in `save_tiers`; new members may refer to it meanwhile.
    locked = select(Program.id).where(Program.id == at.program_id)
    session.execute(locked.with_for_update(key_share=True))
    # What a tier asks for is shown to everybody, also where the tier stays.
    mark_all_behind(session, at.program_id)
    _review_the_lost(session, at)
    newest = load_rulebook(session, at.program_id)
    if (newest.tiers, newest.tier_terms) == (tuple(at.levels), at.terms):
        session.execute(
            update(Program).where(Program.id == at.program_id).values(tiers_settled=True)
        )


def _review_the_lost(session: Session, at: Moment) -> None:
    """Have those reviewed whom an order raised to a tier just when it went."""
    tiers = select(Tier.id).where(Tier.program_id == at.program_id)
    lost = (
        select(Member.id)
        .where(
            Member.program_id == at.program_id,
            Member.closed_at.is_(None),
            Member.tier_id.not_in(tiers),
        )
        .order_by(Member.id)
    )
    # One after another in the order of their ids, as everybody locks them.
    for member_id in session.scalars(lost).all():
        session.execute(update(Member).where(Member.id == member_id).values(tier_review_at=at.now))
