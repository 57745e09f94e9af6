"""What a member has besides the account, and how it moves to the member they are merged into."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from app.db.accounts import load_lots
from app.db.allocations import load_allocation_rows, lot_ids_of, with_lots
from app.db.bulk import among
from app.db.models import (
    Allocation,
    Award,
    CustomerOrder,
    Lot,
    Member,
    MemberBirthday,
    MemberDay,
    MemberIdentity,
    Redemption,
)
from app.domain.member_account import MemberAccount
from app.domain.redeeming import HOLDING
from app.domain.redeeming import Allocation as DomainAllocation

MERGED_INTO = text("""
with recursive whole as (
    select cast(:member_id as bigint) as id
    union
    select member.id from member join whole on member.merged_into_id = whole.id
)
select id from whole
""")


MOVE_DAYS = text("""
insert into member_day (program_id, member_id, day, spend_minor, points, orders)
select program_id, :kept_id, day, spend_minor, points, orders
from member_day where member_id = :merged_id order by day
on conflict (member_id, day) do update set
    spend_minor = member_day.spend_minor + excluded.spend_minor,
    points = member_day.points + excluded.points,
    orders = member_day.orders + excluded.orders
""")


MOVE_BIRTHDAY = text("""
insert into member_birthday (member_id, program_id, month_day, set_at, set_by)
select :kept_id, program_id, month_day, set_at, set_by
from member_birthday where member_id = :merged_id
on conflict do nothing
""")


def members_merged_into(session: Session, member_id: int) -> list[int]:
    """Return a member and all who were merged into them, or into one of those."""
    return list(session.scalars(MERGED_INTO, {"member_id": member_id}))


def load_taken(
    session: Session, kept: MemberAccount, merged: MemberAccount
) -> list[tuple[str, int, list[DomainAllocation]]]:
    """Load the lots of both, and what the merged one's redemptions took and may give back."""
    merged_id = merged.account.member_id
    redemptions = session.execute(
        select(Redemption.id, Redemption.state)
        .where(
            Redemption.member_id == merged_id,
            or_(
                Redemption.state.in_(HOLDING),
                # Only what an order used can come back, by its refund.
                (Redemption.state == "used")
                & (Redemption.way == "discount_code")
                & (Redemption.returned < Redemption.points),
            ),
        )
        .order_by(Redemption.id)
    ).all()
    rows = load_allocation_rows(session, [each.id for each in redemptions])
    lot_ids = [lot_id for found in rows.values() for lot_id in lot_ids_of(found)]
    load_lots(session, [kept, merged], lot_ids=[*lot_ids, *expired_lots(session, [merged_id])])
    return [(each.state, each.id, with_lots(rows[each.id], merged)) for each in redemptions]


def expired_lots(session: Session, member_ids: Collection[int]) -> Sequence[int]:
    """Return the lots of the members' awards of which points expired or were written off.

    When its award changes, or an activity becomes known late, these points come first.
    """
    if not member_ids:
        return []
    return session.scalars(
        select(Lot.id)
        .join(Award, Award.id == Lot.award_id)
        .where(among(Award.member_id, member_ids), or_(Lot.expired > 0, Lot.written_off > 0))
    ).all()


def move_rows(session: Session, merged_id: int, kept_id: int, kept_customer_id: int) -> None:
    """Let identities, awards, orders and redemptions be the kept member's."""
    for model in (MemberIdentity, Award, CustomerOrder):
        session.execute(update(model).where(model.member_id == merged_id).values(member_id=kept_id))
    # What returned everything takes nothing back any more; the others get a lot of the kept member.
    session.execute(
        update(Allocation)
        .where(
            Allocation.redemption_id.in_(
                select(Redemption.id).where(Redemption.member_id == merged_id)
            )
        )
        .values(member_id=kept_id, lot_id=None)
    )
    keys = select(Redemption.idempotency_key).where(Redemption.member_id == kept_id)
    session.execute(
        update(Redemption)
        .where(Redemption.member_id == merged_id, Redemption.idempotency_key.in_(keys))
        .values(idempotency_key=func.concat("merged:", Redemption.id))
    )
    session.execute(
        update(Redemption)
        .where(Redemption.member_id == merged_id)
        .values(member_id=kept_id, customer_id=kept_customer_id)
    )
    _move_days(session, merged_id, kept_id)
    _move_birthday(session, merged_id, kept_id)
    merged_joined = select(Member.joined_at).where(Member.id == merged_id).scalar_subquery()
    session.execute(
        update(Member)
        .where(Member.id == kept_id)
        .values(joined_at=func.least(Member.joined_at, merged_joined))
    )
    session.execute(update(Member).where(Member.id == merged_id).values(merged_into_id=kept_id))


def _move_days(session: Session, merged_id: int, kept_id: int) -> None:
    """Add what the merged member did day by day to the kept one's days."""
    session.execute(MOVE_DAYS, {"merged_id": merged_id, "kept_id": kept_id})
    session.execute(delete(MemberDay).where(MemberDay.member_id == merged_id))


def _move_birthday(session: Session, merged_id: int, kept_id: int) -> None:
    """Let the kept member have the merged one's birthday, where it has none of its own."""
    session.execute(MOVE_BIRTHDAY, {"merged_id": merged_id, "kept_id": kept_id})
    session.execute(delete(MemberBirthday).where(MemberBirthday.member_id == merged_id))
