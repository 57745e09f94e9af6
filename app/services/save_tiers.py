"""Saves the tiers of a programme, and by what they are reckoned."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import cast

from sqlalchemy import DateTime, case, delete, false, insert, literal, select, update
from sqlalchemy.orm import Session

from app.db.models import Member, Program, Tier, TierChange
from app.domain.program_defaults import TierDraft
from app.domain.tier_drafts import InvalidTiers, check_tiers, ranked
from app.domain.tier_terms import TierLoss, TierMeasure, TierTerms, TierWindow

__all__ = ["InvalidTiers", "TierDraft", "save_tiers"]

PERKS = ("entry_points", "yearly_points", "birthday_points")
_FACTS = tuple(field.name for field in fields(TierDraft) if field.name != "id")


def save_tiers(
    session: Session,
    *,
    program_id: int,
    tiers: Sequence[TierDraft],
    now: datetime,
    actor: str = "system",
    terms: TierTerms | None = None,
) -> bool:
    """Make `tiers` the programme's tiers: known ids change, new ones are added, others go.

    Members keep their tiers until the job `revise_tiers` reckons all of them again, which is to be
    enqueued when this returns True; it returns False when nothing changed. Members of a tier that
    goes have the lowest until then. `terms` None keeps those of now. Raises InvalidTiers.
    """
    check_tiers(tiers, terms)
    # One at a time, so that two saves do not mix.
    program = session.scalars(
        select(Program).where(Program.id == program_id).with_for_update(key_share=True)
    ).one()
    wanted = [_tidied(tier) for tier in ranked(tiers)]
    known = {
        tier.id: tier for tier in session.scalars(select(Tier).where(Tier.program_id == program_id))
    }
    as_they_are = [(tier.id, *_facts(tier)) for tier in sorted(known.values(), key=_rank)]
    terms = terms or terms_of(program)
    if as_they_are == [(tier.id, *_facts(tier)) for tier in wanted] and terms == terms_of(program):
        return False
    kept = {tier.id for tier in wanted}
    gone = {id_: tier.name for id_, tier in known.items() if id_ not in kept}
    _make_room(session, known)
    lowest = _write(session, program_id, known, wanted, now)
    _drop(session, gone, lowest, now, actor)
    program.tier_measure, program.tier_window = terms.measure, terms.window
    program.tier_grace_days, program.tier_loss = terms.grace_days, terms.loss
    program.tiers_settled = False
    session.flush()
    return True


def terms_of(program: Program) -> TierTerms:
    """Return what a programme's tiers are reckoned by."""
    return TierTerms(
        measure=cast("TierMeasure", program.tier_measure),
        window=cast("TierWindow", program.tier_window),
        grace_days=program.tier_grace_days,
        loss=cast("TierLoss", program.tier_loss),
    )


def _tidied(tier: TierDraft) -> TierDraft:
    value = (tier.entry_value or "").strip() if tier.entry in ("tag", "company") else ""
    tag = (tier.customer_tag or "").strip()
    return replace(
        tier, name=tier.name.strip(), entry_value=value or None, customer_tag=tag or None
    )


def _facts(tier: TierDraft | Tier) -> tuple[object, ...]:
    return tuple(getattr(tier, name) for name in _FACTS)


def _rank(tier: Tier) -> int:
    return tier.rank


def _make_room(session: Session, known: Mapping[int, Tier]) -> None:
    """Free all names, places and thresholds: tiers may have swapped theirs."""
    for tier in known.values():
        tier.name, tier.rank = f"~{tier.id}", 10**15 + tier.id
        if tier.threshold is not None:
            tier.threshold = 10**15 + tier.id
    session.flush()


def _write(
    session: Session,
    program_id: int,
    known: Mapping[int, Tier],
    tiers: Sequence[TierDraft],
    now: datetime,
) -> Tier:
    """Write the tiers and return the one that starts at 0."""
    written = []
    for rank, draft in enumerate(tiers, 1):
        tier = known.get(draft.id) if draft.id is not None else None
        if tier is None:
            tier = Tier(program_id=program_id)
            session.add(tier)
        tier.rank = rank
        if any(getattr(tier, perk) != getattr(draft, perk) for perk in PERKS):
            tier.perks_since = now
        for name in _FACTS:
            setattr(tier, name, getattr(draft, name))
        written.append(tier)
    session.flush()
    return next(tier for tier in written if tier.threshold == 0)


def _drop(
    session: Session, gone: Mapping[int, str], lowest: Tier, now: datetime, actor: str
) -> None:
    """Delete tiers, told by id with their names; their members are recorded in the lowest."""
    if not gone:
        return
    recorded = {
        "program_id": Member.program_id,
        "member_id": Member.id,
        "from_tier_id": Member.tier_id,
        "from_name": case(gone, value=Member.tier_id),
        "to_tier_id": literal(lowest.id),
        "to_name": literal(lowest.name),
        "rises": false(),
        "reason": literal("settings"),
        "at": literal(now, DateTime(timezone=True)),
        "actor": literal(actor),
    }
    leaving = select(*recorded.values()).where(Member.tier_id.in_(gone))
    session.execute(insert(TierChange).from_select(list(recorded), leaving))
    session.execute(
        update(Member)
        .where(Member.tier_id.in_(gone))
        .values(tier_id=lowest.id, tier_since=now, tier_until=None)
    )
    for column in (Member.pinned_tier_id, Member.granted_tier_id):
        session.execute(update(Member).where(column.in_(gone)).values({column: None}))
    session.execute(delete(Tier).where(Tier.id.in_(gone)))
