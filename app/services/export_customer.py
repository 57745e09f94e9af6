"""Gathers all that is held about a customer, as customers/data_request asks."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import (
    Award,
    Customer,
    CustomerMark,
    CustomerOrder,
    ExpiryWarning,
    Lot,
    Member,
    MemberBirthday,
    MemberIdentity,
    OrderFact,
    Posting,
    PostingNote,
    Program,
    Redemption,
    Tier,
    TierChange,
    TierChangeNote,
)
from app.domain.errors import MemberNotFound
from app.services.merged_rows import members_merged_into

Decrypt = Callable[[bytes], str]
Told = list[dict[str, Any]]


def export_customer(
    session: Session, *, shop_id: int, member_id: int, decrypt: Decrypt, now: datetime
) -> dict[str, Any]:
    """Return who the member is and everything kept about them, in values that JSON knows.

    With it goes what was kept of members who were merged into this one. Money is in minor units of
    the programme's currency, moments are in UTC. Raises MemberNotFound.
    """
    member = session.execute(
        select(Member, Program.name, Program.currency, Tier.name.label("tier"))
        .join(Program, Program.id == Member.program_id)
        .outerjoin(Tier, Tier.id == Member.tier_id)
        .where(Member.id == member_id)
    ).one_or_none()
    if member is None:
        raise MemberNotFound(member_id=member_id)
    members = members_merged_into(session, member_id)
    customers = _customers(session, shop_id, members, decrypt)
    numbers = [customer["customer_id"] for customer in customers]
    return {
        "exported_at": now.isoformat(),
        "programme": {"name": member.name, "currency": member.currency},
        "member": _member(member.Member, member.tier),
        "customers": customers,
        "orders": _told(session, _orders(members)),
        "facts_of_orders": _told(session, _facts(shop_id, numbers)),
        "awards": _told(session, _awards(members)),
        "lots": _told(session, _lots(members)),
        "redemptions": _told(session, _redemptions(members), {"code": decrypt}),
        "postings": _told(session, _postings(members), {"note": decrypt}),
        "expiry_warnings": _told(session, _warnings(members)),
        "tier_changes": _told(session, _tier_changes(members), {"note": decrypt}),
        "birthdays": _told(session, _birthdays(members)),
        "tags_and_companies": _told(session, _marks(shop_id, numbers)),
    }


def _member(member: Member, tier: str | None) -> dict[str, Any]:
    return {
        "id": member.id,
        "joined_at": member.joined_at.isoformat(),
        "last_active_at": member.last_active_at.isoformat(),
        "closed_at": member.closed_at and member.closed_at.isoformat(),
        "tier": tier,
        "available": member.available,
        "pending": member.pending,
        "held": member.held,
    }


def _customers(session: Session, shop_id: int, members: Iterable[int], decrypt: Decrypt) -> Told:
    """Return the customers that the members are, and those that they were before a deletion."""
    members = list(members)
    identities = select(MemberIdentity.customer_id).where(
        MemberIdentity.shop_id == shop_id, among(MemberIdentity.member_id, members)
    )
    query = (
        select(
            Customer.customer_id,
            Customer.name,
            Customer.email,
            Customer.created_at,
            Customer.updated_at,
            Customer.deleted_at,
            Customer.data_requested_at,
        )
        .where(
            Customer.shop_id == shop_id,
            Customer.customer_id.in_(identities) | among(Customer.former_member_id, members),
        )
        .order_by(Customer.customer_id)
    )
    told = _told(session, query, {"name": decrypt, "email": decrypt})
    known = {customer["customer_id"] for customer in told}
    # Who was seen on an order only has a number and nothing else.
    told += [{"customer_id": each} for each in session.scalars(identities) if each not in known]
    return told


def _orders(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CustomerOrder.order_id,
            CustomerOrder.name,
            CustomerOrder.customer_id,
            CustomerOrder.processed_at,
            CustomerOrder.paid_at,
            CustomerOrder.spend_minor,
            CustomerOrder.snapshot,
            CustomerOrder.deleted_at,
        )
        .where(among(CustomerOrder.member_id, members))
        .order_by(CustomerOrder.order_id)
    )


def _facts(shop_id: int, customer_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(OrderFact.order_id, OrderFact.facts, OrderFact.fetched_at)
        .where(
            OrderFact.shop_id == shop_id,
            OrderFact.subject == "customer",
            among(OrderFact.subject_id, customer_ids),
        )
        .order_by(OrderFact.order_id)
    )


def _awards(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Award.id,
            Award.source_kind,
            Award.source_id,
            Award.points,
            Award.receipt,
            Award.created_at,
            Award.reckoned_at,
        )
        .where(among(Award.member_id, members))
        .order_by(Award.id)
    )


def _lots(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Lot.id,
            Lot.award_id,
            Lot.points,
            Lot.remaining,
            Lot.expired,
            Lot.available_at,
            Lot.expires_at,
        )
        .where(among(Lot.member_id, members))
        .order_by(Lot.id)
    )


def _redemptions(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Redemption.id,
            Redemption.customer_id,
            Redemption.terms,
            Redemption.points,
            Redemption.returned,
            Redemption.state,
            Redemption.surface,
            Redemption.code,
            Redemption.created_at,
            Redemption.expires_at,
            Redemption.used_at,
            Redemption.released_at,
            Redemption.order_id,
        )
        .where(among(Redemption.member_id, members))
        .order_by(Redemption.id)
    )


def _postings(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Posting.member_id,
            Posting.sequence,
            Posting.kind,
            Posting.debit_account,
            Posting.credit_account,
            Posting.points,
            Posting.award_id,
            Posting.redemption_id,
            Posting.lot_id,
            Posting.actor,
            Posting.occurred_at,
            Posting.recorded_at,
            PostingNote.note,
        )
        .outerjoin(PostingNote, PostingNote.posting_id == Posting.id)
        .where(among(Posting.member_id, members))
        .order_by(Posting.member_id, Posting.sequence)
    )


def _warnings(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ExpiryWarning.expires_at,
            ExpiryWarning.days_before,
            ExpiryWarning.points,
            ExpiryWarning.recorded_at,
        )
        .where(among(ExpiryWarning.member_id, members))
        .order_by(ExpiryWarning.recorded_at)
    )


def _tier_changes(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TierChange.from_name,
            TierChange.to_name,
            TierChange.reason,
            TierChange.measure,
            TierChange.at,
            TierChange.actor,
            TierChangeNote.note,
        )
        .outerjoin(TierChangeNote, TierChangeNote.tier_change_id == TierChange.id)
        .where(among(TierChange.member_id, members))
        .order_by(TierChange.id)
    )


def _birthdays(members: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return select(MemberBirthday.month_day, MemberBirthday.set_at).where(
        among(MemberBirthday.member_id, members)
    )


def _marks(shop_id: int, customer_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(CustomerMark.kind, CustomerMark.value, CustomerMark.noted_at)
        .where(CustomerMark.shop_id == shop_id, among(CustomerMark.customer_id, customer_ids))
        .order_by(CustomerMark.kind, CustomerMark.value)
    )


def _told(
    session: Session, query: Select[*tuple[Any, ...]], secrets: Mapping[str, Decrypt] | None = None
) -> Told:
    return [_values(row, secrets or {}) for row in session.execute(query)]


def _values(row: Row[Any], secrets: Mapping[str, Decrypt]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in row._mapping.items():
        if isinstance(value, datetime):
            told[name] = value.isoformat()
        elif isinstance(value, bytes):
            told[name] = secrets[name](value)
        else:
            told[name] = value
    return told
