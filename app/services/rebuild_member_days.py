"""Compares members' days with the orders and awards that they sum up, and puts them right."""

from sqlalchemy import text
from sqlalchemy.orm import Session

REBUILD = """
with done as (
    select o.member_id, (o.processed_at at time zone p.iana_timezone)::date as day,
        o.spend_minor, 0 as points, 1 as orders
    from customer_order o
    join shop s on s.id = o.shop_id
    join program p on p.id = s.program_id
    where p.id = :program_id and o.member_id is not null and o.spend_minor > 0
    union all
    select a.member_id, (o.processed_at at time zone p.iana_timezone)::date, 0, a.points, 0
    from award a
    join program p on p.id = a.program_id
    join customer_order o on o.shop_id = split_part(a.source_id, ':', 1)::bigint
        and o.order_id = split_part(a.source_id, ':', 2)::bigint
    where a.program_id = :program_id and a.source_kind = 'order' and a.points > 0
    union all
    select a.member_id, ((a.input->>'signed_up_at')::timestamptz at time zone p.iana_timezone)::date,
        0, a.points, 0
    from award a join program p on p.id = a.program_id
    where a.program_id = :program_id and a.source_kind = 'sign_up' and a.points > 0
), rebuilt as (
    select member_id, day, sum(spend_minor)::bigint as spend_minor, sum(points)::bigint as points,
        sum(orders)::bigint as orders
    from done group by member_id, day
), kept as (
    select * from member_day
    where program_id = :program_id and (spend_minor, points, orders) <> (0, 0, 0)
), faults as (
    select coalesce(r.member_id, k.member_id) as member_id, coalesce(r.day, k.day) as day,
        coalesce(r.spend_minor, 0) as spend_minor, coalesce(r.points, 0) as points,
        coalesce(r.orders, 0) as orders
    from rebuilt r full join kept k on k.member_id = r.member_id and k.day = r.day
    where (r.spend_minor, r.points, r.orders) is distinct from (k.spend_minor, k.points, k.orders)
)
"""
COUNT = text(f"{REBUILD} select count(*) from faults")  # noqa: S608 - a part of our own
REPAIR = text(f"""{REBUILD}
insert into member_day (program_id, member_id, day, spend_minor, points, orders)
select :program_id, member_id, day, spend_minor, points, orders from faults
on conflict (member_id, day) do update set
    spend_minor = excluded.spend_minor, points = excluded.points, orders = excluded.orders
""")  # noqa: S608 - a part of our own


def wrong_member_days(session: Session, *, program_id: int) -> int:
    """Return how many days of members are not what orders and awards come to; 0 proves them."""
    return int(session.execute(COUNT, {"program_id": program_id}).scalar_one())


def rebuild_member_days(session: Session, *, program_id: int) -> int:
    """Put every day right and return how many were wrong; members with such days are reviewed.

    Nothing else may be written meanwhile: members are locked.
    """
    # The programme before its members, as wherever both are locked.
    session.execute(
        text("select id from program where id = :program_id for no key update"),
        {"program_id": program_id},
    )
    session.execute(
        text("select id from member where program_id = :program_id order by id for no key update"),
        {"program_id": program_id},
    )
    wrong = wrong_member_days(session, program_id=program_id)
    if wrong:
        session.execute(REPAIR, {"program_id": program_id})
        session.execute(
            text("update program set tiers_settled = false where id = :program_id"),
            {"program_id": program_id},
        )
    return wrong
