"""Keeps which customers carry a tag or buy for a company, as far as tiers ask for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.bulk import among, insert_new_rows
from app.db.models import CustomerMark, MemberIdentity
from app.db.rulebook import load_rulebook
from app.domain.tiers import TierLevel
from app.services.revise_tiers import revise_members

MarkKind = Literal["tag", "company"]


def mark_customers(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    kind: MarkKind,
    value: str,
    customer_ids: Iterable[int],
    now: datetime,
) -> int:
    """Let exactly these customers of the shop carry a tag or be a company's; review who changed.

    Returns how many members' tiers changed. A tag is the same however it is capitalised. What no
    tier asks for is not kept. A repeat changes nothing.
    """
    rulebook = load_rulebook(session, program_id)
    value = value.lower()
    wanted = set(customer_ids) if asked_for(rulebook.tiers, kind, value) else set()
    known = set(
        session.scalars(
            select(CustomerMark.customer_id).where(
                CustomerMark.program_id == program_id,
                CustomerMark.shop_id == shop_id,
                CustomerMark.kind == kind,
                CustomerMark.value == value,
            )
        )
    )
    rows = [
        {
            "shop_id": shop_id,
            "customer_id": customer_id,
            "program_id": program_id,
            "kind": kind,
            "value": value,
            "noted_at": now,
        }
        for customer_id in sorted(wanted - known)
    ]
    insert_new_rows(session, CustomerMark, rows)
    session.execute(
        delete(CustomerMark).where(
            CustomerMark.shop_id == shop_id,
            CustomerMark.kind == kind,
            CustomerMark.value == value,
            among(CustomerMark.customer_id, known - wanted),
        )
    )
    members = _members(session, shop_id, wanted ^ known)
    return revise_members(session, rulebook, members, now=now) if members else 0


def asked_for(levels: Iterable[TierLevel], kind: MarkKind, value: str) -> bool:
    """Return whether a tier is entered by this tag or company."""
    return any(
        level.entry == kind
        and (level.entry_value is None or level.entry_value.lower() == value.lower())
        for level in levels
    )


def _members(session: Session, shop_id: int, customer_ids: Iterable[int]) -> Sequence[int]:
    return session.scalars(
        select(MemberIdentity.member_id)
        .where(MemberIdentity.shop_id == shop_id, among(MemberIdentity.customer_id, customer_ids))
        .distinct()
        .order_by(MemberIdentity.member_id)
    ).all()
