"""Members with all that the storefront shows of them: balances, lots, tier and spend."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.db.models import Customer, Lot, Member, MemberIdentity
from app.db.rulebook import load_expiry_terms
from app.domain.ledger import Account
from app.domain.ledger import Lot as LotValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A member as stored; the account is for reckoning, not for saving."""

    member_id: int
    version: int
    tier_id: int | None
    account: Account


def memberships(session: Session, member_ids: Sequence[int]) -> dict[int, Membership]:
    """Return members by id; where they stand among the tiers: `tier_standings`."""
    rows = session.execute(
        select(
            Member.id,
            Member.version,
            Member.tier_id,
            Member.pending,
            Member.available,
            Member.held,
            Member.last_active_at,
        ).where(Member.id.in_(member_ids))
    ).all()
    lots = _open_lots(session, member_ids)
    terms = load_expiry_terms(session)
    found = {
        row.id: Membership(
            member_id=row.id,
            version=row.version,
            tier_id=row.tier_id,
            account=Account(
                row.id, row.pending, row.available, row.held, lots=lots.get(row.id, [])
            ),
        )
        for row in rows
    }
    for row in rows:
        found[row.id].account.apply_terms(terms, row.last_active_at)
    return found


def stale_member_ids(session: Session, shop_id: int, after: int, limit: int) -> list[int]:
    """Return members whose metafields are behind and who are this shop's customers, by id."""
    query = (
        select(Member.id)
        .where(
            Member.behind,
            Member.closed_at.is_(None),
            Member.id > after,
            Member.id.in_(
                select(MemberIdentity.member_id).where(MemberIdentity.shop_id == shop_id)
            ),
        )
        .order_by(Member.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def customers_of_members(
    session: Session, shop_id: int, member_ids: Sequence[int]
) -> dict[int, list[int]]:
    """Return the shop's customers that each member is and that Shopify has still."""
    found: dict[int, list[int]] = {}
    rows = session.execute(
        select(MemberIdentity.member_id, MemberIdentity.customer_id)
        .outerjoin(
            Customer,
            (Customer.shop_id == MemberIdentity.shop_id)
            & (Customer.customer_id == MemberIdentity.customer_id),
        )
        .where(
            MemberIdentity.shop_id == shop_id,
            MemberIdentity.member_id.in_(member_ids),
            # Customers who were merged into another are known as that one, but Shopify has no more.
            Customer.deleted_at.is_(None),
        )
    )
    for row in rows:
        found.setdefault(row.member_id, []).append(row.customer_id)
    return found


def _open_lots(session: Session, member_ids: Sequence[int]) -> dict[int, list[LotValue]]:
    """Return what open lots hold; matured ones of the same promise, all of one day, as one.

    So there are no more than the days of a promise, however often somebody buys.
    """
    apart = case((Lot.matured, None), else_=Lot.id)
    rows = session.execute(
        select(
            func.min(Lot.id).label("id"),
            Lot.member_id,
            func.sum(Lot.points).label("points"),
            func.sum(Lot.remaining).label("remaining"),
            func.sum(Lot.expired).label("expired"),
            func.max(Lot.available_at).label("available_at"),
            Lot.matured,
            Lot.expires_at,
        )
        .where(Lot.member_id.in_(member_ids), Lot.remaining > 0)
        .group_by(Lot.member_id, Lot.matured, Lot.expires_at, apart)
        .order_by(func.min(Lot.id))
    )
    found: dict[int, list[LotValue]] = {}
    for row in rows:
        lot = LotValue(
            id=row.id,
            award_id=None,
            available_at=row.available_at,
            expires_at=row.expires_at,
            matured=row.matured,
            points=int(row.points),
            remaining=int(row.remaining),
            expired=int(row.expired),
            is_new=False,
        )
        found.setdefault(row.member_id, []).append(lot)
    return found
