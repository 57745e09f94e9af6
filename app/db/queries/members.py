"""Members as staff and shoppers look them up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import Customer, Member, MemberIdentity, Tier
from app.db.wire import Answer, Trip, one_trip


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A member with balances and the encrypted name of the customer they are."""

    id: int
    customer_id: int | None
    name: bytes | None
    email: bytes | None
    tier_id: int | None
    tier_name: str | None
    available: int
    pending: int
    held: int
    joined_at: datetime
    last_active_at: datetime
    closed_at: datetime | None


def _members() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Member.id,
            MemberIdentity.customer_id,
            Customer.name,
            Customer.email,
            Member.tier_id,
            Tier.name.label("tier_name"),
            Member.available,
            Member.pending,
            Member.held,
            Member.joined_at,
            Member.last_active_at,
            Member.closed_at,
        )
        .select_from(Member)
        .outerjoin(MemberIdentity, MemberIdentity.member_id == Member.id)
        .outerjoin(
            Customer,
            (Customer.shop_id == MemberIdentity.shop_id)
            & (Customer.customer_id == MemberIdentity.customer_id),
        )
        .outerjoin(Tier, Tier.id == Member.tier_id)
    )


def _rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[MemberRow]:
    rows: dict[int, MemberRow] = {}
    for row in session.execute(query):
        # A member may be several customers after a merge: the one whom Shopify has still names them.
        known = rows.setdefault(row.id, MemberRow(**row._mapping))
        if known.name is None and known.email is None:
            rows[row.id] = MemberRow(**row._mapping)
    return list(rows.values())


def newest_members(
    session: Session,
    *,
    before: tuple[datetime, int] | None = None,
    tier_id: int | None = None,
    limit: int = 50,
) -> list[MemberRow]:
    """Return open members (of one tier), newest first, from just before (`joined_at`, `id`)."""
    query = _members().where(Member.closed_at.is_(None))
    if tier_id is not None:
        query = query.where(Member.tier_id == tier_id)
    if before is not None:
        query = query.where(tuple_(Member.joined_at, Member.id) < before)
    return _rows(session, query.order_by(Member.joined_at.desc(), Member.id.desc()).limit(limit))


def members_by_email_hash(session: Session, email_hash: bytes) -> list[MemberRow]:
    """Return the members whose e-mail address has this keyed hash."""
    return _rows(session, _members().where(Customer.email_hash == email_hash).limit(50))


def members_by_customer_ids(session: Session, customer_ids: Sequence[int]) -> list[MemberRow]:
    """Return the members that these Shopify customers are."""
    return _rows(session, _members().where(MemberIdentity.customer_id.in_(customer_ids)))


def get_member(session: Session, member_id: int) -> MemberRow | None:
    """Return one member, or None when the tenant has no such member."""
    found = _rows(session, _members().where(Member.id == member_id))
    return found[0] if found else None


def members_by_ids(session: Session, member_ids: Iterable[int]) -> dict[int, MemberRow]:
    """Return members by id; those of other tenants are left out."""
    found = _rows(session, _members().where(among(Member.id, member_ids)))
    return {row.id: row for row in found}


def member_of_customer(session: Session, shop_id: int, customer_id: int) -> int | None:
    """Return the id of the member that a shop's customer is, or None."""
    return session.scalar(
        select(MemberIdentity.member_id).where(
            MemberIdentity.shop_id == shop_id, MemberIdentity.customer_id == customer_id
        )
    )


_IDENTITY = """
    select member_id, signed_in_at from member_identity
    where shop_id = $1::bigint and customer_id = $2::bigint
"""


def identity_of_customer(
    session: Session, shop_id: int, customer_id: int
) -> tuple[int, datetime | None] | None:
    """Return the member that a shop's customer is and when they were first seen signed in."""
    with one_trip(session) as trip:
        identities = ask_identity(trip, shop_id, customer_id)
    return next(((member_id, seen_at) for member_id, seen_at in identities.rows), None)


def ask_identity(trip: Trip, shop_id: int, customer_id: int) -> Answer:
    """Ask for what `identity_of_customer` returns: one row, or none."""
    return trip.ask(_IDENTITY, (shop_id, customer_id))
