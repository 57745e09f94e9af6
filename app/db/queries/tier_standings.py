"""Where members stand among the tiers, as every screen shows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import Member, MemberDay
from app.domain.rulebook import Rulebook
from app.domain.tier_review import DayAmount, HeldTier, measured
from app.domain.tier_standing import TierStanding, tier_standing
from app.domain.tier_terms import TierMeasure, first_day, local_day
from app.domain.tiers import level_by_id

_COLUMNS = {
    "spend": MemberDay.spend_minor,
    "points": MemberDay.points,
    "orders": MemberDay.orders,
}


def tier_standings(
    session: Session, rulebook: Rulebook, member_ids: Sequence[int], now: datetime
) -> dict[int, TierStanding]:
    """Return where each member stands at `now`; see `no_standing` for who is none yet."""
    held = _held(session, member_ids)
    days = _days_that_count(session, rulebook, held, now)
    return {
        member_id: tier_standing(
            rulebook.tiers,
            rulebook.tier_terms,
            held[member_id],
            days.get(member_id, ()),
            now=now,
            iana_timezone=rulebook.iana_timezone,
        )
        for member_id in member_ids
        if member_id in held
    }


def no_standing(rulebook: Rulebook, now: datetime) -> TierStanding:
    """Return where somebody stands who is not a member yet."""
    return tier_standing(
        rulebook.tiers,
        rulebook.tier_terms,
        HeldTier(),
        (),
        now=now,
        iana_timezone=rulebook.iana_timezone,
    )


def _days_that_count(
    session: Session, rulebook: Rulebook, held: Mapping[int, HeldTier], now: datetime
) -> dict[int, list[DayAmount]]:
    """Return the days from which a standing follows: those of the window, however long a life.

    Only where a tier is no longer earned by them, the days before tell when it fell.
    """
    terms, today = rulebook.tier_terms, local_day(now, rulebook.iana_timezone)
    since = first_day(terms.window, today)
    days = days_of(session, list(held), terms.measure, since=since)
    fallen = [
        member_id
        for member_id, tier in held.items()
        if (level := level_by_id(rulebook.tiers, tier.tier_id)) is not None
        and (level.threshold or 0) > measured(terms, days.get(member_id, ()), today)
    ]
    return days | days_of(session, fallen, terms.measure) if fallen else days


def days_of(
    session: Session, member_ids: Sequence[int], measure: TierMeasure, *, since: date = date.min
) -> dict[int, list[DayAmount]]:
    """Return what members did day by day from `since` on, the oldest first, in a measure."""
    amount = _COLUMNS[measure]
    rows = session.execute(
        select(MemberDay.member_id, MemberDay.day, amount.label("amount"))
        .where(among(MemberDay.member_id, member_ids), MemberDay.day >= since, amount > 0)
        .order_by(MemberDay.member_id, MemberDay.day)
    )
    found: dict[int, list[DayAmount]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(DayAmount(row.day, row.amount))
    return found


def _held(session: Session, member_ids: Sequence[int]) -> dict[int, HeldTier]:
    rows = session.execute(
        select(
            Member.id,
            Member.tier_id,
            Member.tier_until,
            Member.pinned_tier_id,
            Member.pinned_until,
            Member.granted_tier_id,
            Member.tier_review_at,
        ).where(among(Member.id, member_ids))
    )
    return {
        row.id: HeldTier(
            tier_id=row.tier_id,
            tier_until=row.tier_until,
            pinned_tier_id=row.pinned_tier_id,
            pinned_until=row.pinned_until,
            granted_tier_id=row.granted_tier_id,
            review_at=row.tier_review_at,
        )
        for row in rows
    }
