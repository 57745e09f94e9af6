"""Makes members of customers who are none yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.bulk import among, insert_rows
from app.db.ids import allocate_ids
from app.db.models import Customer, Member, MemberIdentity
from app.db.shop_lock import lock_shop
from app.domain.rulebook import Rulebook
from app.domain.tiers import level_for


def ensure_members(
    session: Session, *, shop_id: int, rulebook: Rulebook, joined: Mapping[int, datetime]
) -> dict[int, int]:
    """Return the member of each customer, new ones joined at the given moment.

    Customers who were deleted or redacted are left out: they do not come back.
    """
    members = _known(session, shop_id, joined)
    if len(members) == len(joined):
        return members
    # Another transaction may be enrolling the same customers: let it finish and look again.
    lock_shop(session, shop_id)
    members = _known(session, shop_id, joined)
    gone = gone_customers(session, shop_id, joined)
    new = [id_ for id_ in sorted(joined) if id_ not in members and id_ not in gone]
    members |= _enrol(session, shop_id, rulebook, {id_: joined[id_] for id_ in new})
    return members


def _known(session: Session, shop_id: int, customer_ids: Iterable[int]) -> dict[int, int]:
    rows = session.execute(
        select(MemberIdentity.customer_id, MemberIdentity.member_id).where(
            MemberIdentity.shop_id == shop_id, among(MemberIdentity.customer_id, customer_ids)
        )
    )
    return {row.customer_id: row.member_id for row in rows}


def gone_customers(session: Session, shop_id: int, customer_ids: Iterable[int]) -> set[int]:
    """Return those of the customers who were deleted, merged into another, or redacted."""
    return set(
        session.scalars(
            select(Customer.customer_id).where(
                Customer.shop_id == shop_id,
                among(Customer.customer_id, customer_ids),
                or_(Customer.deleted_at.is_not(None), Customer.redacted_at.is_not(None)),
            )
        )
    )


def _enrol(
    session: Session, shop_id: int, rulebook: Rulebook, joined: Mapping[int, datetime]
) -> dict[int, int]:
    lowest = level_for(rulebook.tiers, 0)
    members = dict(zip(joined, allocate_ids(session, Member, len(joined)), strict=True))
    insert_rows(
        session,
        Member,
        [
            {
                "id": member_id,
                "program_id": rulebook.program_id,
                "joined_at": joined[customer_id],
                "last_active_at": joined[customer_id],
                "tier_id": lowest.id if lowest else None,
                "tier_since": joined[customer_id] if lowest else None,
            }
            for customer_id, member_id in members.items()
        ],
    )
    insert_rows(
        session,
        MemberIdentity,
        [
            {
                "shop_id": shop_id,
                "customer_id": customer_id,
                "program_id": rulebook.program_id,
                "member_id": member_id,
            }
            for customer_id, member_id in members.items()
        ],
    )
    return members
