"""Makes two customers one member: Shopify merged them."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts, save_accounts
from app.db.allocations import load_allocation_rows, lot_ids_of, save_allocations, with_lots
from app.db.ids import id_source
from app.db.models import (
    Allocation,
    Award,
    Customer,
    CustomerOrder,
    Lot,
    MemberIdentity,
    Redemption,
)
from app.db.rulebook import load_rulebook
from app.db.shop_lock import lock_shop
from app.domain.ledger import Cause
from app.domain.member_account import MemberAccount
from app.domain.merging import merge_accounts
from app.domain.redeeming import Allocation as DomainAllocation
from app.domain.rulebook import Rulebook
from app.services.ensure_members import ensure_members


def merge_members(
    session: Session,
    *,
    shop_id: int,
    program_id: int,
    kept_customer_id: int,
    merged_customer_id: int,
    now: datetime,
    ledger_key: bytes,
) -> int | None:
    """Move all that the merged customer's member has to the kept one's; return the kept member.

    Points move through `transferred`, lots keep their dates, open redemptions, awards and orders
    follow, the better tier stays. A repeat changes nothing. None when the kept customer is gone.
    """
    lock_shop(session, shop_id)
    merged_id = session.scalar(
        select(MemberIdentity.member_id).where(
            MemberIdentity.shop_id == shop_id, MemberIdentity.customer_id == merged_customer_id
        )
    )
    rulebook = load_rulebook(session, program_id)
    kept_id = ensure_members(
        session, shop_id=shop_id, rulebook=rulebook, joined={kept_customer_id: now}
    ).get(kept_customer_id)
    _close_customer(session, shop_id, merged_customer_id, now)
    if kept_id is None or merged_id is None or merged_id == kept_id:
        return kept_id
    accounts = lock_accounts(session, [kept_id, merged_id])
    kept, merged = accounts[kept_id], accounts[merged_id]
    held = _open_allocations(session, merged, kept)
    for loaded in (kept, merged):
        loaded.bring_up_to(now, rulebook.expiry_terms)
    merge_accounts(
        kept.account,
        merged.account,
        [allocation for _, allocations in held for allocation in allocations],
        Cause(source=f"merge:{merged_id}", at=now),
        id_source(session, Lot),
    )
    _take_over(kept, merged, rulebook)
    merged.closed_at = now
    _move_rows(session, merged_id, kept_id, merged_customer_id, kept_customer_id)
    save_accounts(session, [kept, merged], program_id=program_id, now=now, ledger_key=ledger_key)
    for redemption_id, allocations in held:
        save_allocations(
            session,
            allocations,
            program_id=program_id,
            member_id=kept_id,
            redemption_id=redemption_id,
        )
    return kept_id


def _take_over(kept: MemberAccount, merged: MemberAccount, rulebook: Rulebook) -> None:
    """Let the better tier and the later activity stay."""
    ranks = {tier.id: tier.threshold_minor for tier in rulebook.tiers}
    if ranks.get(merged.tier_id or 0, -1) > ranks.get(kept.tier_id or 0, -1):
        kept.tier_id, kept.tier_since = merged.tier_id, merged.tier_since
        kept.tier_until = merged.tier_until
    kept.last_active_at = max(kept.last_active_at, merged.last_active_at)
    kept.changed = merged.changed = True


def _open_allocations(
    session: Session, merged: MemberAccount, kept: MemberAccount
) -> list[tuple[int, list[DomainAllocation]]]:
    """Load both accounts' lots, and what the merged one's open redemptions took."""
    open_ids = session.scalars(
        select(Redemption.id)
        .where(
            Redemption.member_id == merged.account.member_id,
            Redemption.state.in_(("held", "ready")),
        )
        .order_by(Redemption.id)
    ).all()
    rows = load_allocation_rows(session, open_ids)
    load_lots(
        session,
        [kept, merged],
        lot_ids=[lot_id for found in rows.values() for lot_id in lot_ids_of(found)],
    )
    return [(id_, with_lots(rows[id_], merged)) for id_ in open_ids]


def _close_customer(session: Session, shop_id: int, customer_id: int, now: datetime) -> None:
    session.execute(
        update(Customer)
        .where(Customer.shop_id == shop_id, Customer.customer_id == customer_id)
        .values(deleted_at=now, name=None, email=None, email_hash=None)
    )


def _move_rows(
    session: Session, merged_id: int, kept_id: int, merged_customer: int, kept_customer: int
) -> None:
    for model in (MemberIdentity, Award, CustomerOrder):
        session.execute(update(model).where(model.member_id == merged_id).values(member_id=kept_id))
    # What was spent already goes back to a lot of the kept member, should it ever be returned.
    session.execute(
        update(Allocation)
        .where(
            Allocation.member_id == merged_id,
            Allocation.redemption_id.in_(
                select(Redemption.id).where(
                    Redemption.member_id == merged_id, Redemption.state.in_(("used", "released"))
                )
            ),
        )
        .values(member_id=kept_id, lot_id=None)
    )
    session.execute(
        update(Redemption)
        .where(Redemption.member_id == merged_id)
        .values(member_id=kept_id, customer_id=kept_customer)
    )
