"""Makes members of customers who are none yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import bigints, insert_rows, without_waiting
from app.db.ids import allocate_ids, ask_ids, ids_of
from app.db.models import Member, MemberIdentity
from app.db.shop_lock import ask_turn
from app.db.wire import Answer, Trip, one_trip
from app.domain.rulebook import Rulebook
from app.domain.tiers import level_for

_KNOWN = """
    select customer_id, member_id from member_identity
    where shop_id = $1::bigint and customer_id = any($2::bigint[])
"""
_GONE = """
    select customer_id from customer
    where shop_id = $1::bigint and customer_id = any($2::bigint[])
        and (deleted_at is not null or redacted_at is not null)
"""


def ensure_members(
    session: Session, *, shop_id: int, rulebook: Rulebook, joined: Mapping[int, datetime]
) -> dict[int, int]:
    """Return the member of each customer, new ones joined at the given moment.

    Customers who were deleted or redacted are left out: they do not come back.
    """
    with one_trip(session) as trip:
        known = _ask_known(trip, shop_id, joined)
    if len(known.rows) == len(joined):
        return dict(known.rows)
    with one_trip(session) as trip:
        # Another transaction may be enrolling the same customers: let it finish and look again.
        ask_turn(trip, shop_id)
        found = _ask_known(trip, shop_id, joined)
        gone = _ask_gone(trip, shop_id, joined)
        member_ids = ask_ids(trip, Member, len(joined) - len(known.rows))
    members: dict[int, int] = dict(found.rows)
    met = members.keys() | {customer_id for (customer_id,) in gone.rows}
    new = sorted(joined.keys() - met)
    ids = ids_of(member_ids)
    ids += allocate_ids(session, Member, max(len(new) - len(ids), 0))
    enrolled = dict(zip(new, ids, strict=False))
    _enrol(session, shop_id, rulebook, joined, enrolled)
    return members | enrolled


def _ask_known(trip: Trip, shop_id: int, customer_ids: Iterable[int]) -> Answer:
    return trip.ask(_KNOWN, (shop_id, bigints(customer_ids)))


def _ask_gone(trip: Trip, shop_id: int, customer_ids: Iterable[int]) -> Answer:
    return trip.ask(_GONE, (shop_id, bigints(customer_ids)))


def gone_customers(session: Session, shop_id: int, customer_ids: Iterable[int]) -> set[int]:
    """Return those of the customers who were deleted, merged into another, or redacted."""
    with one_trip(session) as trip:
        gone = _ask_gone(trip, shop_id, customer_ids)
    return {customer_id for (customer_id,) in gone.rows}


def _enrol(
    session: Session,
    shop_id: int,
    rulebook: Rulebook,
    joined: Mapping[int, datetime],
    members: Mapping[int, int],
) -> None:
    """Write the members of these customers."""
    lowest = level_for(rulebook.tiers, 0)
    rows = [
        {
            "id": member_id,
            "program_id": rulebook.program_id,
            "joined_at": joined[customer_id],
            "last_active_at": joined[customer_id],
            "tier_id": lowest.id if lowest else None,
            "tier_since": joined[customer_id] if lowest else None,
        }
        for customer_id, member_id in members.items()
    ]
    identities = [
        {
            "shop_id": shop_id,
            "customer_id": customer_id,
            "program_id": rulebook.program_id,
            "member_id": member_id,
        }
        for customer_id, member_id in members.items()
    ]
    with without_waiting(session):
        insert_rows(session, Member, rows)
        insert_rows(session, MemberIdentity, identities)
