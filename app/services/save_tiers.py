"""Saves the tiers of a programme."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db.models import Member, Program, Tier
from app.domain.program_defaults import TierDraft
from app.domain.tier_drafts import InvalidTiers, check_tiers

__all__ = ["InvalidTiers", "TierDraft", "save_tiers"]


def save_tiers(session: Session, *, program_id: int, tiers: Sequence[TierDraft]) -> None:
    """Make `tiers` the programme's tiers: known ids change, new ones are added, others go.

    Members of a tier that goes have the lowest until tiers are revised. Raises InvalidTiers.
    """
    check_tiers(tiers)
    # One at a time, so that two saves do not mix.
    session.execute(
        select(Program.id).where(Program.id == program_id).with_for_update(key_share=True)
    )
    known = {
        tier.id: tier for tier in session.scalars(select(Tier).where(Tier.program_id == program_id))
    }
    if _values(known) == [(tier.id, *_facts(tier)) for tier in _sorted(tiers)]:
        return
    _make_room(session, known)
    lowest = _write(session, program_id, known, tiers)
    _drop(session, set(known) - {tier.id for tier in tiers}, lowest)
    # Every member's way to the next tier may have changed.
    session.execute(
        update(Member)
        .where(Member.program_id == program_id, Member.closed_at.is_(None))
        .values(version=Member.version + 1)
    )


def _facts(tier: TierDraft | Tier) -> tuple[int, str, int]:
    return tier.threshold_minor, tier.name.strip(), tier.multiplier_bp


def _sorted(tiers: Sequence[TierDraft]) -> list[TierDraft]:
    return sorted(tiers, key=lambda tier: tier.threshold_minor)


def _values(known: Mapping[int, Tier]) -> list[tuple[int | None, int, str, int]]:
    ordered = sorted(known.values(), key=lambda tier: tier.threshold_minor)
    return [(tier.id, *_facts(tier)) for tier in ordered]


def _make_room(session: Session, known: Mapping[int, Tier]) -> None:
    """Free all names and thresholds: tiers may have swapped theirs."""
    for tier in known.values():
        tier.name, tier.threshold_minor = f"~{tier.id}", 10**15 + tier.id
    session.flush()


def _write(
    session: Session, program_id: int, known: Mapping[int, Tier], tiers: Sequence[TierDraft]
) -> Tier:
    """Write the tiers and return the lowest."""
    written = []
    for draft in _sorted(tiers):
        tier = known.get(draft.id) if draft.id is not None else None
        if tier is None:
            tier = Tier(program_id=program_id)
            session.add(tier)
        tier.threshold_minor, tier.name, tier.multiplier_bp = _facts(draft)
        written.append(tier)
    session.flush()
    return written[0]


def _drop(session: Session, tier_ids: set[int], lowest: Tier) -> None:
    if tier_ids:
        session.execute(
            update(Member)
            .where(Member.tier_id.in_(tier_ids))
            .values(tier_id=lowest.id, tier_until=None)
        )
        session.execute(delete(Tier).where(Tier.id.in_(tier_ids)))
