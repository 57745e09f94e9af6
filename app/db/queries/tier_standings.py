"""Where members stand among the tiers, as every screen shows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.db.bulk import bigints
from app.db.wire import one_trip
from app.domain.rulebook import Rulebook
from app.domain.tier_review import DayAmount, HeldTier, measured
from app.domain.tier_standing import TierStanding, tier_standing
from app.domain.tier_terms import TierMeasure, first_day, local_day
from app.domain.tiers import level_by_id

_AMOUNTS: Mapping[TierMeasure, str] = {
    "spend": "spend_minor",
    "points": "points",
    "orders": "orders",
}
_DAYS = {
    measure: f"""
        select member_id, day, {amount} from member_day
        where member_id = any($1::bigint[]) and day >= $2::date and {amount} > 0
        order by member_id, day
    """  # noqa: S608 - names of our own columns
    for measure, amount in _AMOUNTS.items()
}
_HELD = """
    select id, tier_id, tier_until, pinned_tier_id, pinned_until, granted_tier_id, tier_review_at
    from member where id = any($1::bigint[])
"""


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
    with one_trip(session) as trip:
        days = trip.ask(_DAYS[measure], (bigints(member_ids), since))
    found: dict[int, list[DayAmount]] = {}
    for member_id, day, amount in days.rows:
        found.setdefault(member_id, []).append(DayAmount(day, amount))
    return found


def _held(session: Session, member_ids: Sequence[int]) -> dict[int, HeldTier]:
    with one_trip(session) as trip:
        members = trip.ask(_HELD, (bigints(member_ids),))
    return {
        member_id: HeldTier(
            tier_id=tier_id,
            tier_until=tier_until,
            pinned_tier_id=pinned_tier_id,
            pinned_until=pinned_until,
            granted_tier_id=granted_tier_id,
            review_at=review_at,
        )
        for (
            member_id,
            tier_id,
            tier_until,
            pinned_tier_id,
            pinned_until,
            granted_tier_id,
            review_at,
        ) in members.rows
    }
