"""What must hold between postings and everything that is cached from them, as set-based SQL.

Each query names a programme and returns a row (place, expected, found) for everything wrong; where
it proves several things, what it is about comes first, some rows of each before many of one. They
are joins and sums of whole tables, so they take one pass each, however many members there are.
"""

from collections.abc import Mapping

BALANCES = """
with said as (
    select member_id,
        sum(case when credit_account = 'pending' then points
                 when debit_account = 'pending' then -points else 0 end) as pending,
        sum(case when credit_account = 'available' then points
                 when debit_account = 'available' then -points else 0 end) as available,
        sum(case when credit_account = 'held' then points
                 when debit_account = 'held' then -points else 0 end) as held
    from posting where program_id = :program_id group by member_id
)
select 'member:' || m.id as place,
    concat_ws(' / ', coalesce(s.pending, 0), coalesce(s.available, 0), coalesce(s.held, 0))
        as expected,
    concat_ws(' / ', m.pending, m.available, m.held) as found
from member m left join said s on s.member_id = m.id
where m.program_id = :program_id
    and (m.pending, m.available, m.held) is distinct from
        (coalesce(s.pending, 0), coalesce(s.available, 0), coalesce(s.held, 0))
"""

# What an award takes back from another award's lot lowers what is left there, not what it came
# with. Such postings are few, so they are summed apart: the sum of all needs no join with the lots.
LOTS = """
with said as (
    select lot_id,
        sum(case when (debit_account, credit_account) in
                     (('adjusted', 'issued'), ('issued', 'adjusted')) then 0
                 when debit_account in ('issued', 'adjusted', 'transferred') then points
                 when credit_account = 'issued' then -points else 0 end) as points,
        sum(case when credit_account in ('pending', 'available') and kind <> 'fill_debt'
                 then points else 0 end
            - case when debit_account in ('pending', 'available') then points else 0 end
        ) as remaining,
        sum(case when credit_account = 'expired' then points
                 when debit_account = 'expired' then -points else 0 end) as expired,
        sum(case when debit_account = 'adjusted' and credit_account = 'issued' then points
                 when debit_account = 'issued' and credit_account = 'adjusted' then -points
                 else 0 end) as written_off,
        sum(case when credit_account = 'pending' then points
                 when debit_account = 'pending' then -points else 0 end) as pending
    from posting where program_id = :program_id and lot_id is not null group by lot_id
), of_others as (
    select p.lot_id, sum(p.points) as points from posting p join lot l on l.id = p.lot_id
    where p.program_id = :program_id and p.credit_account = 'issued'
        and p.debit_account not in ('issued', 'adjusted', 'transferred') and p.award_id is distinct from l.award_id
    group by p.lot_id
)
select 'lot:' || l.id as place,
    concat_ws(' / ', coalesce(s.points, 0) + coalesce(t.points, 0), coalesce(s.remaining, 0),
        coalesce(s.expired, 0), coalesce(s.written_off, 0), coalesce(s.pending, 0)) as expected,
    concat_ws(' / ', l.points, l.remaining, l.expired, l.written_off,
        case when l.matured then 0 else l.remaining end) as found
from lot l left join said s on s.lot_id = l.id left join of_others t on t.lot_id = l.id
where l.program_id = :program_id
    and (l.points, l.remaining, l.expired, l.written_off,
         case when l.matured then 0 else l.remaining end) is distinct from
        (coalesce(s.points, 0) + coalesce(t.points, 0), coalesce(s.remaining, 0),
         coalesce(s.expired, 0), coalesce(s.written_off, 0), coalesce(s.pending, 0))
"""

BALANCES_IN_LOTS = """
with inside as (
    select member_id,
        sum(remaining) filter (where not matured) as pending,
        sum(remaining) filter (where matured) as available
    from lot where program_id = :program_id and remaining > 0 group by member_id
)
select 'member:' || m.id as place,
    concat_ws(' / ', coalesce(i.pending, 0), coalesce(i.available, 0)) as expected,
    concat_ws(' / ', m.pending, greatest(m.available, 0)) as found
from member m left join inside i on i.member_id = m.id
where m.program_id = :program_id
    and (m.pending, greatest(m.available, 0)) is distinct from
        (coalesce(i.pending, 0), coalesce(i.available, 0))
"""

_SUM_OF_AWARD = """
        sum(case when debit_account = 'issued' then points
                 when debit_account = 'adjusted' and kind in ('adjust', 'fill_debt') then points
                 when credit_account = 'issued' then -points else 0 end)"""
_WRONG_AWARDS = """
select 'award:' || a.id as place, coalesce(s.points, 0)::text as expected,
    a.points::text as found
from award a left join said s on s.award_id = a.id
where a.program_id = :program_id and a.points <> coalesce(s.points, 0)"""
AWARDS = f"""
with said as (
    select award_id, {_SUM_OF_AWARD} as points
    from posting where program_id = :program_id and award_id is not null group by award_id
)
{_WRONG_AWARDS}
"""  # noqa: S608 - parts of our own

HOLDS = """
with open as (
    select member_id, sum(points) as points from redemption
    where program_id = :program_id and state in ('held', 'ready', 'releasing') group by member_id
)
select 'member:' || m.id as place, coalesce(o.points, 0)::text as expected,
    m.held::text as found
from member m left join open o on o.member_id = m.id
where m.program_id = :program_id and m.held <> coalesce(o.points, 0)
"""

# One look at the postings of redemptions proves two things; each row names which of them is wrong.
# A code that lapsed may have its points kept: released, and redeemed all the same.
REDEMPTIONS = """
with said as (
    select redemption_id,
        sum(points) filter (where debit_account = 'available'
            and credit_account in ('held', 'redeemed')) as taken,
        sum(points) filter (where debit_account in ('held', 'redeemed')
            and credit_account in ('available', 'transferred')) as restored,
        sum(points) filter (where debit_account = 'redeemed') as returned,
        sum(case when credit_account = 'held' then points
                 when debit_account = 'held' then -points else 0 end) as held,
        sum(case when credit_account in ('redeemed', 'donated') then points
                 when debit_account in ('redeemed', 'donated') then -points else 0 end) as redeemed,
        sum(case when credit_account = 'donated' then points
                 when debit_account = 'donated' then -points else 0 end) as donated
    from posting where program_id = :program_id and redemption_id is not null
    group by redemption_id
), kept as (
    select redemption_id, sum(points) as taken, sum(restored) as restored
    from allocation where program_id = :program_id group by redemption_id
), judged as (
    select r.id, r.state, r.returned,
        coalesce(s.taken, 0) as taken_said, coalesce(k.taken, 0) as taken,
        coalesce(s.restored, 0) as restored_said, coalesce(k.restored, 0) as restored,
        coalesce(s.returned, 0) as returned_said,
        coalesce(s.held, 0) as held_said,
        case when r.state in ('held', 'ready', 'releasing') then r.points else 0 end as held,
        coalesce(s.redeemed, 0) as redeemed_said,
        case when r.state = 'used' then r.points - r.returned
             when r.state = 'released' and r.release_reason = 'lapsed' and s.redeemed > 0
                 then r.points
             else 0 end as redeemed,
        coalesce(s.donated, 0) as donated_said,
        case when r.way = 'donation' and r.state = 'used' then r.points else 0 end as donated
    from redemption r
    left join said s on s.redemption_id = r.id
    left join kept k on k.redemption_id = r.id
    where r.program_id = :program_id
), differing as materialized (
    select * from judged
    where (taken, restored, returned, held, redeemed, donated) is distinct from
        (taken_said, restored_said, returned_said, held_said, redeemed_said, donated_said)
)
select what, 'redemption:' || id as place, expected, found || state_told as found
from differing cross join lateral (values
    ('redemptions', concat_ws(' / ', taken_said, restored_said, returned_said),
        concat_ws(' / ', taken, restored, returned), ''),
    ('redemption_states', concat_ws(' / ', held_said, redeemed_said, donated_said),
        concat_ws(' / ', held, redeemed, donated), ' (' || state || ')')
) as compared (what, expected, found, state_told)
where found <> expected
order by row_number() over (partition by what)
"""

# The lots of a redemption that moved to another member were opened anew there; what was taken in
# all is still checked above.
ALLOCATIONS = """
with said as (
    select redemption_id, lot_id,
        coalesce(sum(points) filter (where debit_account = 'available'
            and credit_account in ('held', 'redeemed')), 0) as taken,
        coalesce(sum(points) filter (where debit_account in ('held', 'redeemed')
            and credit_account in ('available', 'transferred')), 0) as restored
    from posting where program_id = :program_id and redemption_id is not null
    group by redemption_id, lot_id
), kept as (
    select redemption_id, lot_id, sum(points) as taken, sum(restored) as restored
    from allocation where program_id = :program_id group by redemption_id, lot_id
), differing as materialized (
    select coalesce(s.redemption_id, k.redemption_id) as redemption_id,
        coalesce(s.lot_id, k.lot_id) as lot_id,
        coalesce(s.taken, 0) as taken_said, coalesce(s.restored, 0) as restored_said,
        coalesce(k.taken, 0) as taken, coalesce(k.restored, 0) as restored
    from (select * from said where taken > 0 or restored > 0) s
    full join kept k on k.redemption_id = s.redemption_id
        and coalesce(k.lot_id, 0) = coalesce(s.lot_id, 0)
    where (coalesce(k.taken, 0), coalesce(k.restored, 0)) is distinct from
        (coalesce(s.taken, 0), coalesce(s.restored, 0))
), moved as (
    select p.redemption_id from posting p join redemption r on r.id = p.redemption_id
    where p.program_id = :program_id and p.member_id <> r.member_id
        and p.redemption_id in (select redemption_id from differing)
)
select 'redemption:' || redemption_id || coalesce(' lot:' || lot_id, '') as place,
    concat_ws(' / ', taken_said, restored_said) as expected,
    concat_ws(' / ', taken, restored) as found
from differing where redemption_id not in (select redemption_id from moved)
"""

CHECKS: Mapping[str, str] = {
    "redemptions": REDEMPTIONS,
    "allocations": ALLOCATIONS,
    "balances_in_lots": BALANCES_IN_LOTS,
    "holds": HOLDS,
}
"""By what they prove, those that take longest first; `redemption_states` come with `redemptions`."""
SUSPECTED: Mapping[str, str] = {"lots": LOTS, "awards": AWARDS, "balances": BALANCES}
"""What app.services.verify_sums proves by reading each posting once; asked where it suspects one."""
SUSPECTED_AWARDS = f"""
with said as (
    select award_id,
        {_SUM_OF_AWARD} as points
    from posting where program_id = :program_id and award_id = any(cast(:ids as bigint[]))
    group by award_id
)
{_WRONG_AWARDS} and a.id = any(cast(:ids as bigint[]))
"""  # noqa: S608 - parts of our own

TOTALS = """
select count(*), coalesce(max(id), 0),
    (select count(*) from award where program_id = :program_id),
    (select count(*) from lot where program_id = :program_id),
    coalesce(sum(case when credit_account = 'transferred' then points
                      when debit_account = 'transferred' then -points end), 0),
    coalesce((select postings from ledger_proof where program_id = :program_id
        order by id desc limit 1), 0),
    count(*) filter (where id <= (select last_posting_id from ledger_proof
        where program_id = :program_id order by id desc limit 1))
from posting where program_id = :program_id
"""
"""What app.services.verify_totals judges, in its order: one pass over all postings."""
