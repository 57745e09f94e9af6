"""Makes two customers one member: Shopify merged them."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.accounts import lock_accounts, save_accounts
from app.db.allocations import save_allocations
from app.db.bulk import insert_new_rows, insert_rows
from app.db.ids import id_source
from app.db.models import Customer, Lot, Member, MemberIdentity, TierChange
from app.db.queries.members import member_of_customer
from app.db.rulebook import load_rulebook
from app.db.shop_lock import lock_shop
from app.db.tier_tally import change_row
from app.domain.member_account import MemberAccount
from app.domain.merging import merge_accounts
from app.domain.redeeming import HOLDING
from app.domain.rulebook import Rulebook
from app.domain.tier_tally import TierMove
from app.services.close_member import close_member
from app.services.ensure_members import ensure_members
from app.services.forget_customer import forget_customer
from app.services.merged_rows import load_taken, move_rows
from app.services.revise_tiers import revise_members


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

    Points move through `transferred`, lots keep their dates, redemptions, awards and orders follow,
    the better tier stays. From now on both customers are the kept member, also when neither was
    known before: what is told late of the merged one finds its way. A repeat changes nothing. None
    when the kept customer is gone for good; then the merged one goes as well.
    """
    lock_shop(session, shop_id)
    merged_id = _member_of(session, shop_id, merged_customer_id)
    rulebook = load_rulebook(session, program_id)
    kept_id = ensure_members(
        session, shop_id=shop_id, rulebook=rulebook, joined={kept_customer_id: now}
    ).get(kept_customer_id)
    forget_customer(
        session, shop_id=shop_id, customer_id=merged_customer_id, member_id=merged_id, now=now
    )
    if kept_id is None:
        close_member(
            session,
            shop_id=shop_id,
            customer_id=merged_customer_id,
            now=now,
            ledger_key=ledger_key,
        )
        return None
    _be_the_same(session, shop_id, program_id, merged_customer_id, kept_id)
    if merged_id is not None and merged_id != kept_id:
        _merge(session, rulebook, kept_id, merged_id, kept_customer_id, now, ledger_key)
    return kept_id


def _member_of(session: Session, shop_id: int, customer_id: int) -> int | None:
    """Return who a customer is, or was before the customer was deleted."""
    known = member_of_customer(session, shop_id, customer_id)
    if known is not None:
        return known
    former = session.scalar(
        select(Customer.former_member_id).where(
            Customer.shop_id == shop_id, Customer.customer_id == customer_id
        )
    )
    if former is None:
        return None
    # Merged in turn since: its points are where its chain of mergers ends.
    while into := session.scalar(select(Member.merged_into_id).where(Member.id == former)):
        former = into
    return former


def _merge(
    session: Session,
    rulebook: Rulebook,
    kept_id: int,
    merged_id: int,
    kept_customer_id: int,
    now: datetime,
    ledger_key: bytes,
) -> None:
    accounts = lock_accounts(session, [kept_id, merged_id])
    kept, merged = accounts[kept_id], accounts[merged_id]
    taken = load_taken(session, kept, merged)
    terms = rulebook.expiry_terms
    for loaded in (kept, merged):
        loaded.bring_up_to(now, terms)
    merge_accounts(
        kept.account,
        merged.account,
        held=[each for state, _, found in taken if state in HOLDING for each in found],
        used=[each for state, _, found in taken if state == "used" for each in found],
        source=f"merge:{merged_id}",
        at=now,
        new_lot_id=id_source(session, Lot),
    )
    move_rows(session, merged_id, kept_id, _live_customer(session, kept_id) or kept_customer_id)
    merged.closed_at = merged.closed_at or now
    kept.last_active_at = max(kept.last_active_at, merged.last_active_at)
    _keep_better_tier(session, kept, merged, rulebook, now)
    kept.changed = merged.changed = True
    save_accounts(
        session, [kept, merged], program_id=rulebook.program_id, now=now, ledger_key=ledger_key
    )
    revise_members(session, rulebook, [kept_id], now=now)
    for _, redemption_id, allocations in taken:
        save_allocations(
            session,
            allocations,
            program_id=rulebook.program_id,
            member_id=kept_id,
            redemption_id=redemption_id,
        )


def _keep_better_tier(
    session: Session, kept: MemberAccount, merged: MemberAccount, rulebook: Rulebook, now: datetime
) -> None:
    """Let the better of both tiers stay, and the merged one's pin where the kept one has none.

    What both reach together is reviewed once their days are together.
    """
    old, other = rulebook.tier(kept.tier_id), rulebook.tier(merged.tier_id)
    if other is not None and (old is None or other.rank > old.rank):
        kept.tier_id, kept.tier_since = merged.tier_id, merged.tier_since
        kept.tier_until = merged.tier_until
        move = TierMove(kept.account.member_id, old, other, "merged", None)
        insert_rows(session, TierChange, [change_row(rulebook.program_id, move, now)])
    elif kept.tier_id == merged.tier_id and merged.tier_until is None:
        kept.tier_until = None
    if merged.is_pinned(now) and not kept.is_pinned(now):
        session.execute(
            update(Member)
            .where(Member.id == kept.account.member_id)
            .values(pinned_tier_id=merged.pinned_tier_id, pinned_until=merged.pinned_until)
        )


def _live_customer(session: Session, member_id: int) -> int | None:
    """Return a customer that the member is and that Shopify still has."""
    return session.scalar(
        select(MemberIdentity.customer_id)
        .outerjoin(
            Customer,
            (Customer.shop_id == MemberIdentity.shop_id)
            & (Customer.customer_id == MemberIdentity.customer_id),
        )
        .where(MemberIdentity.member_id == member_id, Customer.deleted_at.is_(None))
        .order_by(MemberIdentity.customer_id)
        .limit(1)
    )


def _be_the_same(
    session: Session, shop_id: int, program_id: int, customer_id: int, member_id: int
) -> None:
    """Let an unknown customer be the kept member: whatever is told late of them is theirs."""
    row = {
        "shop_id": shop_id,
        "customer_id": customer_id,
        "program_id": program_id,
        "member_id": member_id,
    }
    insert_new_rows(session, MemberIdentity, [row])
