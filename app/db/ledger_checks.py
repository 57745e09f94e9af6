"""What must hold between postings and everything that is cached from them, as set-based SQL.

Each query names a programme and returns a row (place, expected, found) for everything wrong.
"""

from collections.abc import Mapping

MEMBERS = """
with said as (
    select member_id,
        sum(case when credit_account = 'pending' then points
                 when debit_account = 'pending' then -points else 0 end) as pending,
        sum(case when credit_account = 'available' then points
                 when debit_account = 'available' then -points else 0 end) as available,
        sum(case when credit_account = 'held' then points
                 when debit_account = 'held' then -points else 0 end) as held,
        count(*) as postings
    from posting where program_id = :program_id group by member_id
)
select 'member ' || m.id as place,
    concat_ws('/', coalesce(s.pending, 0), coalesce(s.available, 0), coalesce(s.held, 0),
        coalesce(s.postings, 0)) as expected,
    concat_ws('/', m.pending, m.available, m.held, m.posting_count) as found
from member m left join said s on s.member_id = m.id
where m.program_id = :program_id
    and (m.pending, m.available, m.held, m.posting_count) is distinct from
        (coalesce(s.pending, 0), coalesce(s.available, 0), coalesce(s.held, 0),
         coalesce(s.postings, 0))
"""

LOTS = """
with said as (
    select p.lot_id,
        sum(case when p.kind in ('write_off', 'write_back') then 0
                 when p.debit_account in ('issued', 'adjusted', 'transferred') then p.points
                 when p.credit_account = 'issued' and p.award_id = l.award_id then -p.points
                 else 0 end) as points,
        sum(case when p.credit_account in ('pending', 'available') and p.kind <> 'fill_debt'
                 then p.points else 0 end
            - case when p.debit_account in ('pending', 'available') then p.points else 0 end
        ) as remaining,
        sum(case when p.credit_account = 'expired' then p.points
                 when p.debit_account = 'expired' then -p.points else 0 end) as expired,
        sum(case when p.kind = 'write_off' then p.points
                 when p.kind = 'write_back' then -p.points else 0 end) as written_off
    from posting p join lot l on l.id = p.lot_id
    where p.program_id = :program_id group by p.lot_id
)
select 'lot ' || l.id as place,
    concat_ws('/', coalesce(s.points, 0), coalesce(s.remaining, 0), coalesce(s.expired, 0),
        coalesce(s.written_off, 0)) as expected,
    concat_ws('/', l.points, l.remaining, l.expired, l.written_off) as found
from lot l left join said s on s.lot_id = l.id
where l.program_id = :program_id
    and (l.points, l.remaining, l.expired, l.written_off) is distinct from
        (coalesce(s.points, 0), coalesce(s.remaining, 0), coalesce(s.expired, 0),
         coalesce(s.written_off, 0))
"""

BALANCES_IN_LOTS = """
with inside as (
    select member_id,
        sum(remaining) filter (where not matured) as pending,
        sum(remaining) filter (where matured) as available
    from lot where program_id = :program_id and remaining > 0 group by member_id
)
select 'member ' || m.id as place,
    concat_ws('/', m.pending, greatest(m.available, 0)) as expected,
    concat_ws('/', coalesce(i.pending, 0), coalesce(i.available, 0)) as found
from member m left join inside i on i.member_id = m.id
where m.program_id = :program_id
    and (m.pending, greatest(m.available, 0)) is distinct from
        (coalesce(i.pending, 0), coalesce(i.available, 0))
"""

AWARDS = """
with said as (
    select award_id,
        sum(case when debit_account = 'issued' then points
                 when credit_account = 'issued' then -points else 0 end) as points
    from posting where program_id = :program_id and award_id is not null group by award_id
)
select 'award ' || a.id as place, coalesce(s.points, 0)::text as expected,
    a.points::text as found
from award a left join said s on s.award_id = a.id
where a.program_id = :program_id and a.points <> coalesce(s.points, 0)
"""

RECEIPTS = """
select 'receipt of award ' || a.id as place, a.points::text as expected, r.points::text as found
from award a
cross join lateral (
    select coalesce(sum((line ->> 'points')::bigint), 0) as points
    from jsonb_array_elements(a.receipt) line
) r
where a.program_id = :program_id and a.points <> r.points
"""

HOLDS = """
with open as (
    select member_id, sum(points) as points from redemption
    where program_id = :program_id and state in ('held', 'ready') group by member_id
)
select 'holds of member ' || m.id as place, m.held::text as expected,
    coalesce(o.points, 0)::text as found
from member m left join open o on o.member_id = m.id
where m.program_id = :program_id and m.held <> coalesce(o.points, 0)
"""

REDEMPTIONS = """
with said as (
    select redemption_id,
        sum(points) filter (where debit_account = 'available'
            and credit_account in ('held', 'redeemed')) as taken,
        sum(points) filter (where debit_account in ('held', 'redeemed')
            and credit_account in ('available', 'transferred')) as restored,
        coalesce(sum(points) filter (where debit_account = 'redeemed'), 0) as returned
    from posting where program_id = :program_id and redemption_id is not null
    group by redemption_id
), kept as (
    select redemption_id, sum(points) as taken, sum(restored) as restored
    from allocation where program_id = :program_id group by redemption_id
)
select 'redemption ' || r.id as place,
    concat_ws('/', coalesce(s.taken, 0), coalesce(s.restored, 0), coalesce(s.returned, 0))
        as expected,
    concat_ws('/', coalesce(k.taken, 0), coalesce(k.restored, 0), r.returned) as found
from redemption r
left join said s on s.redemption_id = r.id
left join kept k on k.redemption_id = r.id
where r.program_id = :program_id
    and (coalesce(k.taken, 0), coalesce(k.restored, 0), r.returned) is distinct from
        (coalesce(s.taken, 0), coalesce(s.restored, 0), coalesce(s.returned, 0))
"""

TRANSFERS = """
select 'transferred' as place, '0' as expected, sum(net)::text as found
from (
    select case when credit_account = 'transferred' then points else -points end as net
    from posting
    where program_id = :program_id
        and 'transferred' in (credit_account, debit_account)
) moved
having sum(net) <> 0
"""

CHECKS: Mapping[str, str] = {
    "balances": MEMBERS,
    "lots": LOTS,
    "balances_in_lots": BALANCES_IN_LOTS,
    "awards": AWARDS,
    "receipts": RECEIPTS,
    "holds": HOLDS,
    "redemptions": REDEMPTIONS,
    "transfers": TRANSFERS,
}
"""By what they prove."""
