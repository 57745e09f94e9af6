"""Finds the points that tiers give and that are due."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.tier_perks import PERK_LATE, PerkKind
from app.domain.tier_terms import local_day


class DuePerk(NamedTuple):
    """Points that a tier gives a member."""

    kind: PerkKind
    source_id: str
    member_id: int
    tier_id: int
    tier_name: str
    points: int
    due_on: date
    """In the programme's time zone."""


# Once for each rise that the member made, and once in twelve months for each tier: who loses a tier
# and reaches it again soon is not given twice.
_ENTRIES = """
select 'tier_entry', c.id || ':' || t.id, c.member_id, t.id, t.name, t.entry_points,
    (c.at at time zone cast(:timezone as text))::date
from (
    select distinct on (member_id, to_tier_id) * from tier_change
    where program_id = :program_id and rises and at > :now - cast(:late as interval)
        and reason in ('reached', 'pinned', 'tag', 'company')
    order by member_id, to_tier_id, id
) c
join tier t on t.id = c.to_tier_id and t.entry_points > 0 and c.at >= t.perks_since
join member m on m.id = c.member_id and m.closed_at is null
where not exists (
    select from award a where a.member_id = c.member_id and a.source_kind = 'tier_entry'
        and split_part(a.source_id, ':', 2) = t.id::text
        and a.created_at > c.at - interval '12 months'
)
"""
_YEARS = """
select 'tier_yearly', y.member_id || ':' || y.due_on, y.member_id, y.tier_id, y.name,
    y.yearly_points, y.due_on
from (
    select m.id as member_id, t.id as tier_id, t.name, t.yearly_points, t.perks_since,
        ((m.tier_since + extract(year from age(:now, m.tier_since)) * interval '1 year')
            at time zone cast(:timezone as text))::date as due_on
    from member m join tier t on t.id = m.tier_id and t.yearly_points > 0
    where m.program_id = :program_id and m.closed_at is null
        and m.tier_since <= :now - interval '1 year'
) y
where y.due_on >= (y.perks_since at time zone cast(:timezone as text))::date
    and not exists (
        select from award a where a.member_id = y.member_id and a.source_kind = 'tier_yearly'
            and split_part(a.source_id, ':', 2)::date + interval '1 year' > y.due_on
    )
"""
# Who was born on a leap day is given on the last of February in other years.
_BIRTHDAYS = """
select 'birthday', b.member_id || ':' || d.due_on, b.member_id, t.id, t.name, t.birthday_points,
    d.due_on
from (
    select cast(:today as date) - back as due_on from generate_series(0, 6) as back
) d
join member_birthday b on b.program_id = :program_id and (
    b.month_day = extract(month from d.due_on) * 100 + extract(day from d.due_on)
    or (b.month_day = 229 and to_char(d.due_on, 'MMDD') = '0228'
        and to_char(d.due_on + 1, 'MMDD') = '0301')
)
join member m on m.id = b.member_id and m.closed_at is null
join tier t on t.id = m.tier_id and t.birthday_points > 0
where (b.set_at at time zone cast(:timezone as text))::date <= d.due_on
    and (t.perks_since at time zone cast(:timezone as text))::date <= d.due_on
    and not exists (
        select from award a where a.member_id = b.member_id and a.source_kind = 'birthday'
            and split_part(a.source_id, ':', 2)::date + interval '1 year' > d.due_on
    )
"""
_DUE = {"tier_entry": text(_ENTRIES), "tier_yearly": text(_YEARS), "birthday": text(_BIRTHDAYS)}


def due_perks(
    session: Session, program_id: int, iana_timezone: str, kind: PerkKind, now: datetime
) -> list[DuePerk]:
    """Return what is due of a kind by `now` and was not given, by member."""
    rows = session.execute(
        _DUE[kind],
        {
            "program_id": program_id,
            "timezone": iana_timezone,
            "now": now,
            "today": local_day(now, iana_timezone),
            "late": PERK_LATE,
        },
    )
    return sorted((DuePerk(*row) for row in rows), key=lambda due: (due.member_id, due.source_id))
