"""Decides the tiers of many members at once: app.domain.tier_review in SQL.

Property tests hold the two together. Levels travel as JSON, so that a draft is decided by the same
statements as what is published.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, NamedTuple, cast

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.db.tier_tally import MEASURE_COLUMNS
from app.domain.tier_drafts import MOST_TIERS
from app.domain.tier_terms import TierMeasure, TierTerms, TierWindow, first_day, local_day
from app.domain.tiers import TierLevel

Value = int | str | list[int]
Which = Literal["all", "named"]
"""Every open member of a range; those with the ids given."""

_WHICH = {
    "all": "m.program_id = :program_id and m.closed_at is null and m.id between :first and :last",
    "named": "m.program_id = :program_id and m.closed_at is null and m.id = any(:ids)",
}
_DUE = f"{_WHICH['all']} and m.tier_review_at <= :now"
_SUMMED = {
    "all": "d.member_id between :first and :last",
    "named": "d.member_id = any(:ids)",
}
_MARKED = {
    "all": "i.member_id between :first and :last",
    "named": "i.member_id = any(:ids)",
}
_LEAVES = {
    "rolling": "({day} + interval '12 months')::date",
    "calendar": "make_date(extract(year from {day})::int + 1, 1, 1)",
    "lifetime": "null::date",
}
_COUNTS = {
    "rolling": "day >= :first_day",
    "calendar": "day >= :first_day and day < cast(:first_day as date) + interval '1 year'",
    "lifetime": "true",
}
_APART = {"rolling": "", "calendar": ", date_trunc('year', d.day)", "lifetime": ""}
_NEXT_STEP = {
    "rolling": "({day} + interval '12 months')::date",
    "calendar": "make_date(extract(year from {day})::int + 1, 1, 1) + cast(:grace_days as int)",
    "lifetime": "({day} + interval '12 months')::date",
}


LAST_ID = 2**62
"""No id is higher."""
# What some ten thousand members did is summed up without the disk.
MEMORY = "64MB"


class Moment(NamedTuple):
    """When members are reviewed, and by what."""

    program_id: int
    levels: Sequence[TierLevel]
    terms: TierTerms
    iana_timezone: str
    now: datetime
    settings_changed: bool = False
    """Tiers or terms did, so that every member is reviewed."""


class Decided(NamedTuple):
    """How many members have another tier now, and how many are to be decided again."""

    changed: int
    passed_over: int


class Move(NamedTuple):
    """How many members go from one tier to another, or stay."""

    from_tier_id: int | None
    to_tier_id: int | None
    members: int


def lock_members(session: Session, at: Moment, which: Which, **chosen: Value) -> None:
    """Lock the members in the order of their ids: what is read of them after is what stands."""
    _lock(session, at, "count(*)", _WHICH[which], **chosen)


def lock_due(session: Session, at: Moment, *, first: int, last: int) -> list[int]:
    """Lock those with ids in [first, last] whose review is due, as `lock_members`; return them."""
    ids = "coalesce(array_agg(id), '{}')"
    return cast("list[int]", _lock(session, at, ids, _DUE, first=first, last=last))


def _lock(session: Session, at: Moment, told: str, which: str, **chosen: Value) -> object:
    session.execute(text(f"set local work_mem = '{MEMORY}'"))
    return session.scalar(
        text(
            f"select {told} from (select m.id from member m where "  # noqa: S608 - parts of our own
            f"{which} order by m.id for no key update) locked"
        ),
        {"program_id": at.program_id, "now": at.now, **chosen},
    )


def decide(session: Session, at: Moment, which: Which, actor: str, **chosen: Value) -> Decided:
    """Give the locked members the tiers that they hold by now.

    Those of a range who joined after it was locked are decided too, unless an order changes them
    just then: they are passed over.
    """
    statement = _write(at.terms.measure, at.terms.window, which, len(_thresholds(at)))
    return Decided(*session.execute(statement, _values(at, actor=actor, **chosen)).one())


def foresee(session: Session, at: Moment, first: int = 0, last: int = LAST_ID) -> list[Move]:
    """Return how many members with ids in [first, last] would go from where to where.

    Nothing is written.
    """
    statement = _count(at.terms.measure, at.terms.window, len(_thresholds(at)))
    rows = session.execute(statement, _values(at, first=first, last=last))
    return [Move(*row) for row in rows]


def ranges(session: Session, at: Moment, size: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last id of `size` members each, of those to be reviewed, and of the rest.

    That is everybody after new settings, else those whose review is due. Each is found when it is
    asked for.
    """
    which = _WHICH["all"] if at.settings_changed else _DUE
    find = text(f"select m.id from member m where {which} order by m.id offset :before limit 1")  # noqa: S608 - parts of our own
    values = {"program_id": at.program_id, "now": at.now, "last": LAST_ID, "before": size - 1}
    first = 0
    while (last := session.scalar(find, {**values, "first": first})) is not None:
        yield first, last
        first = last + 1
    yield first, LAST_ID


def _values(at: Moment, **more: Value) -> dict[str, Any]:
    today = local_day(at.now, at.iana_timezone)
    first: date = first_day(at.terms.window, today)
    levels = [
        {
            "id": level.id,
            "name": level.name,
            "rank": level.rank,
            "entry": level.entry,
            "entry_value": level.entry_value,
            "threshold": level.threshold,
        }
        for level in at.levels
    ]
    return {
        "program_id": at.program_id,
        "levels": orjson.dumps(levels).decode(),
        "now": at.now,
        "today": today,
        "first_day": first,
        "timezone": at.iana_timezone,
        "grace_days": at.terms.grace_days,
        "loss": at.terms.loss,
        "thresholds": _thresholds(at),
        "settings_changed": at.settings_changed,
        **more,
    }


def _thresholds(at: Moment) -> list[int]:
    return sorted(level.threshold for level in at.levels if level.threshold is not None)


@cache
def _write(measure: TierMeasure, window: TierWindow, which: Which, places: int) -> TextClause:
    return text(f"""{_decided(measure, window, which, places)}
, updated as (
    update member m set
        tier_id = d.new_id,
        tier_until = d.new_until,
        tier_since = case when d.changes then :now else m.tier_since end,
        tier_review_at = d.new_review_at,
        pinned_tier_id = case when d.pinned then m.pinned_tier_id end,
        pinned_until = case when d.pinned then m.pinned_until end,
        granted_tier_id = d.granted_id,
        version = m.version + case
            when not :settings_changed and (d.changes or d.new_until is distinct from m.tier_until)
            then 1 else 0 end
    from decided d
    -- The row as it was decided on: one that nobody had locked may have changed meanwhile.
    where m.id = d.id and m.xmin = d.row_version and {_WHICH[which]} and (
        d.new_id is distinct from m.tier_id
        or d.new_until is distinct from m.tier_until
        or d.new_review_at is distinct from m.tier_review_at
        or d.granted_id is distinct from m.granted_tier_id
        or (m.pinned_tier_id is not null and not d.pinned)
    )
    returning d.id, d.tier_id, d.new_id, d.pinned, d.branch, d.measure, d.changes
), recorded as (
    insert into tier_change (
        program_id, member_id, from_tier_id, from_name, to_tier_id, to_name, rises, reason,
        measure, at, actor
    )
    select :program_id, d.id, d.tier_id, held.name, d.new_id, new.name,
        coalesce(new.rank, 0) > coalesce(held.rank, 0),
        case
            when d.pinned then 'pinned'
            when d.branch = 'unpinned' then 'unpinned'
            when coalesce(new.rank, 0) > coalesce(held.rank, 0)
                then case when new.entry in ('tag', 'company') then new.entry
                    when :settings_changed then 'settings' else 'reached' end
            else case when held.entry in ('tag', 'company') then held.entry
                when :settings_changed then 'settings' else 'lost' end
        end,
        d.measure, :now, cast(:actor as text)
    from updated d
    left join levels held on held.id = d.tier_id
    left join levels new on new.id = d.new_id
    where d.changes
), counted as (
    select (select count(*) filter (where changes) from decided) as wanted,
        (select count(*) filter (where changes) from updated) as changed
)
select changed, wanted - changed from counted
""")  # noqa: S608 - parts of our own


@cache
def _count(measure: TierMeasure, window: TierWindow, places: int) -> TextClause:
    return text(f"""{_decided(measure, window, "all", places)}
select stored_id, new_id, count(*) from decided group by stored_id, new_id
order by stored_id nulls first, new_id nulls first
""")  # noqa: S608 - parts of our own


def _decided(measure: TierMeasure, window: TierWindow, which: Which, places: int) -> str:
    amount = f"d.{MEASURE_COLUMNS[measure]}"
    held_falls, earned_falls = (
        _LEAVES[window].format(day=f"reached_by[{place}_place]") for place in ("held", "earned")
    )
    lost_on = "(until at time zone cast(:timezone as text))::date"
    next_step = _NEXT_STEP[window]
    # The latest day from which on what was done comes to each threshold; see falls_on. A float8 is
    # exact for whole numbers up to 2**53, and a bigint's sum is a numeric that takes twice as long.
    reached = ", ".join(
        f"max(day) filter (where total >= (cast(:thresholds as float8[]))[{place}])"
        for place in range(1, places + 1)
    )
    # Each step ends with `offset 0`, so that what it reckons is reckoned once for a row: without,
    # PostgreSQL puts the expressions into one another, and `branch` is reckoned a dozen times.
    return f"""
with levels as materialized (
    select l.*,
        row_number() over climbing as place,
        lag(id) over climbing as below_id,
        lag(rank) over climbing as below_rank
    from (
        select * from jsonb_to_recordset(cast(:levels as jsonb)) as l(
            id bigint, name text, rank bigint, entry text, entry_value text, threshold bigint
        )
        limit {MOST_TIERS}
    ) l
    window climbing as (partition by threshold is null order by threshold)
), granted as materialized (
    select i.member_id, max(l.rank) as rank
    from customer_mark c
    join levels l on (l.entry = 'tag' and c.kind = 'tag' and c.value = lower(l.entry_value))
        or (l.entry = 'company' and c.kind = 'company'
            and (l.entry_value is null or l.entry_value = c.value))
    join member_identity i on i.shop_id = c.shop_id and i.customer_id = c.customer_id
    where c.program_id = :program_id and {_MARKED[which]}
    group by i.member_id
), chosen as (
    select m.id, m.xmin as row_version, m.tier_id as stored_id, m.tier_until, m.tier_review_at, m.pinned_tier_id,
        m.pinned_until,
        held.id as tier_id, held.rank as held_rank, held.threshold as held_from,
        held.place as held_place, held.below_id, held.below_rank,
        granted.id as granted_id, coalesce(granted.rank, 0) as granted_rank,
        pin.id is not null and (m.pinned_until is null or m.pinned_until > :now) as pinned
    from member m
    left join levels known on known.id = m.tier_id
    left join levels held on held.id = coalesce(
        known.id,
        case when m.tier_id is not null then (select id from levels where threshold = 0) end
    )
    left join levels pin on pin.id = m.pinned_tier_id
    left join granted marked on marked.member_id = m.id
    left join levels granted on granted.rank = marked.rank
    where {_WHICH[which]}
), summed as (
    select member_id, coalesce(max(total) filter (where {_COUNTS[window]}), 0)::bigint as measure,
        array[{reached}] as reached_by
    from (
        select d.member_id, d.day,
            sum({amount}::float8) over (
                partition by d.member_id{_APART[window]} order by d.day desc
                rows unbounded preceding
            ) as total
        from member_day d
        where d.program_id = :program_id and {amount} > 0 and {_SUMMED[which]}
    ) days
    group by member_id
), measured as (
    select c.*, coalesce(summed.measure, 0) as measure, summed.reached_by
    from chosen c
    left join summed on summed.member_id = c.id
    offset 0
), aimed as (
    select m.*, earned.id as earned_id, earned.place as earned_place,
        coalesce(earned.threshold, 0) as earned_from,
        case when granted_rank > coalesce(earned.rank, 0) then granted_id else earned.id
            end as target_id,
        greatest(granted_rank, coalesce(earned.rank, 0)) as target_rank
    from measured m
    left join levels earned on earned.threshold is not null
        and earned.place = width_bucket(m.measure, cast(:thresholds as bigint[]))
    offset 0
), branched as (
    select a.*,
        case
            when pinned then 'pinned'
            when held_rank is null or target_rank >= held_rank then 'target'
            when pinned_tier_id is not null then 'unpinned'
            when held_from is null then 'target'
            when :loss = 'never' then 'never'
            else 'falls'
        end as branch
    from aimed a
    offset 0
), noted as (
    select b.*,
        case
            when branch <> 'falls' then null
            when :settings_changed or tier_review_at is null or tier_review_at > :now
                then cast(:today as date)
            when {held_falls} is null
                then (tier_review_at at time zone cast(:timezone as text))::date
            else greatest(
                (tier_review_at at time zone cast(:timezone as text))::date,
                least({held_falls}, cast(:today as date))
            )
        end as fell_on
    from branched b
    offset 0
), ending as (
    select n.*, case when branch = 'falls' then coalesce(
        tier_until, (fell_on + cast(:grace_days as int))::timestamp at time zone cast(:timezone as text)
    ) end as until
    from noted n
    offset 0
), ended as (
    select e.*,
        case
            when branch <> 'falls' then branch
            when until > :now then 'grace'
            when :loss = 'step' and below_rank > target_rank then 'step'
            else 'target'
        end as outcome
    from ending e
    offset 0
), settled as (
    select e.*,
        case outcome
            when 'pinned' then pinned_tier_id
            when 'never' then tier_id
            when 'grace' then tier_id
            when 'step' then below_id
            else target_id
        end as new_id,
        case outcome
            when 'grace' then until
            when 'step' then ({next_step.format(day=lost_on)})::timestamp at time zone cast(:timezone as text)
        end as new_until
    from ended e
    offset 0
), decided as (
    select id, row_version, stored_id, tier_id, new_id, new_until, pinned, branch, granted_id, measure,
        new_id is distinct from tier_id as changes,
        case
            when outcome = 'pinned' then pinned_until
            when outcome in ('grace', 'step') then new_until
            when outcome in ('target', 'unpinned') and target_id = earned_id and earned_from > 0
                and :loss <> 'never' then ({earned_falls})::timestamp at time zone cast(:timezone as text)
        end as new_review_at
    from settled
)
"""  # noqa: S608 - parts of our own
