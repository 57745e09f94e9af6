"""Reckons every member's tier from their spend in the window, with grace before one is lost."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.rulebook import load_rulebook
from app.domain.tiers import window_start

REVISE = text("""
with measured as materialized (
    select m.id, m.tier_id, m.tier_until, coalesce(sum(o.spend_minor), 0) as measure
    from member m
    left join customer_order o on o.member_id = m.id and o.processed_at >= :window_start
    where m.program_id = :program_id and m.closed_at is null
    group by m.id
), earned as (
    select measured.*, held.threshold as held_from, best.id as best_id,
        best.threshold as best_from
    from measured
    left join tier held on held.id = measured.tier_id
    left join lateral (
        select t.id, t.threshold from tier t
        where t.program_id = :program_id and t.threshold <= measured.measure
        order by t.threshold desc limit 1
    ) best on true
), decided as (
    select id, tier_id, tier_until, best_id,
        case
            when held_from is null or best_from >= held_from or tier_until <= :now then best_id
            else tier_id
        end as new_tier_id,
        case
            when held_from is null or best_from >= held_from or tier_until <= :now then null
            else coalesce(tier_until, :lost_at)
        end as new_tier_until
    from earned
), due as (
    select m.id from member m join decided d on d.id = m.id
    where d.new_tier_id is distinct from d.tier_id
        or d.new_tier_until is distinct from d.tier_until
    order by m.id for no key update of m skip locked
)
update member m
set tier_id = d.new_tier_id,
    tier_until = d.new_tier_until,
    tier_since = case when d.new_tier_id is distinct from m.tier_id then :now else m.tier_since end,
    version = m.version + 1
from decided d join due on due.id = d.id
where m.id = d.id
returning d.new_tier_id is distinct from d.tier_id as changed
""")
"""A tier that is no longer earned is lost when its grace ends; a better one comes at once."""


def revise_tiers(session: Session, *, program_id: int, now: datetime) -> int:
    """Raise, keep or lower every open member's tier; return how many changed.

    Set-based. When a member's spend falls below the threshold held, the day the tier is lost is
    set 30 days ahead; when spend recovers before it, the day is cleared. Members who are locked
    at the moment have their turn next time.
    """
    rulebook = load_rulebook(session, program_id)
    grace = timedelta(days=rulebook.tier_terms.grace_days)
    rows = session.execute(
        REVISE,
        {
            "program_id": program_id,
            "window_start": window_start(now),
            "now": now,
            "lost_at": now + grace,
        },
    )
    return sum(row.changed for row in rows)
