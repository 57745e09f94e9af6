"""Loads members' accounts under their row locks and writes back what their moves changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.bulk import Row, among, insert_new_rows, insert_rows, update_rows
from app.db.chain import next_link
from app.db.models import ExpiryWarning, Member
from app.db.models import Lot as LotRow
from app.db.models import Posting as PostingRow
from app.domain.ledger import Account, Lot
from app.domain.member_account import MemberAccount


def lock_accounts(
    session: Session, member_ids: Iterable[int], *, skip_locked: bool = False
) -> dict[int, MemberAccount]:
    """Lock members in the order of their ids and return their accounts, without lots.

    With `skip_locked`, members that somebody else has locked are left out.
    """
    rows = session.execute(
        select(
            Member.id,
            Member.pending,
            Member.available,
            Member.held,
            Member.posting_count,
            Member.chain_head,
            Member.tier_id,
            Member.tier_since,
            Member.tier_until,
            Member.last_active_at,
            Member.next_due_at,
            Member.closed_at,
            Member.version,
        )
        .where(among(Member.id, set(member_ids)))
        .order_by(Member.id)
        .with_for_update(key_share=True, skip_locked=skip_locked)
    )
    return {
        row.id: MemberAccount(
            account=Account(row.id, row.pending, row.available, row.held, row.posting_count),
            chain_head=row.chain_head,
            tier_id=row.tier_id,
            tier_since=row.tier_since,
            tier_until=row.tier_until,
            last_active_at=row.last_active_at,
            next_due_at=row.next_due_at,
            closed_at=row.closed_at,
            version=row.version,
        )
        for row in rows
    }


def load_lots(
    session: Session,
    accounts: Iterable[MemberAccount],
    *,
    award_ids: Iterable[int] = (),
    lot_ids: Iterable[int] = (),
) -> None:
    """Give the accounts all lots that hold points, and of the awards and lots that are named."""
    by_id = {loaded.account.member_id: loaded for loaded in accounts}
    if not by_id:
        return
    query = (
        select(
            LotRow.id,
            LotRow.member_id,
            LotRow.award_id,
            LotRow.points,
            LotRow.remaining,
            LotRow.expired,
            LotRow.written_off,
            LotRow.available_at,
            LotRow.matured,
            LotRow.expires_at,
        )
        .where(
            or_(
                among(LotRow.member_id, by_id) & (LotRow.remaining > 0),
                among(LotRow.award_id, award_ids),
                among(LotRow.id, lot_ids),
            )
        )
        .order_by(LotRow.id)
    )
    for row in session.execute(query):
        owner = by_id.get(row.member_id)
        if owner is not None and row.id not in owner.account.touched:
            owner.account.lots.append(
                Lot(
                    id=row.id,
                    award_id=row.award_id,
                    available_at=row.available_at,
                    expires_at=row.expires_at,
                    matured=row.matured,
                    points=row.points,
                    remaining=row.remaining,
                    expired=row.expired,
                    written_off=row.written_off,
                    is_new=False,
                )
            )
    for loaded in by_id.values():
        loaded.has_all_lots = True


def save_accounts(
    session: Session,
    accounts: Iterable[MemberAccount],
    *,
    program_id: int,
    now: datetime,
    ledger_key: bytes,
    actor: str = "system",
) -> int:
    """Write lots, postings and members that changed; return the number of postings."""
    changed = [
        loaded
        for loaded in accounts
        if loaded.changed or loaded.account.postings or loaded.account.touched
    ]
    _save_lots(session, changed, program_id)
    postings = [
        row
        for loaded in changed
        for row in _posting_rows(loaded, program_id, now, ledger_key, actor)
    ]
    insert_rows(session, PostingRow, postings)
    warnings = [row for loaded in changed for row in _settle(loaded, program_id, now)]
    insert_new_rows(session, ExpiryWarning, warnings)
    update_rows(session, Member, [_member_row(loaded) for loaded in changed])
    return len(postings)


def _save_lots(session: Session, accounts: Sequence[MemberAccount], program_id: int) -> None:
    new: list[Row] = []
    old: list[Row] = []
    for loaded in accounts:
        for lot in loaded.account.touched.values():
            row: Row = {
                "id": lot.id,
                "points": lot.points,
                "remaining": lot.remaining,
                "expired": lot.expired,
                "written_off": lot.written_off,
                "matured": lot.matured,
            }
            if lot.is_new:
                row |= {
                    "program_id": program_id,
                    "member_id": loaded.account.member_id,
                    "award_id": lot.award_id,
                    "available_at": lot.available_at,
                    "expires_at": lot.expires_at,
                }
                new.append(row)
            else:
                old.append(row)
    insert_rows(session, LotRow, new)
    update_rows(session, LotRow, old)


def _posting_rows(
    loaded: MemberAccount, program_id: int, now: datetime, ledger_key: bytes, actor: str
) -> list[Row]:
    """Return the account's postings, numbered and chained."""
    account = loaded.account
    rows: list[Row] = []
    for sequence, posting in enumerate(account.postings, account.sequence + 1):
        loaded.chain_head = next_link(
            ledger_key,
            loaded.chain_head,
            program_id=program_id,
            member_id=account.member_id,
            sequence=sequence,
            posting=posting,
            actor=actor,
            recorded_at=now,
        )
        rows.append(
            {
                "program_id": program_id,
                "member_id": account.member_id,
                "sequence": sequence,
                "kind": posting.kind,
                "debit_account": posting.debit,
                "credit_account": posting.credit,
                "points": posting.points,
                "source_key": posting.source_key,
                "award_id": posting.award_id,
                "redemption_id": posting.redemption_id,
                "lot_id": posting.lot_id,
                "actor": actor,
                "occurred_at": posting.occurred_at,
                "recorded_at": now,
                "hash": loaded.chain_head,
            }
        )
    return rows


def _settle(loaded: MemberAccount, program_id: int, now: datetime) -> list[Row]:
    """Take the account as written, with a look ahead; return the warnings that are due."""
    account = loaded.account
    warnings = loaded.look_ahead(now)
    account.sequence += len(account.postings)
    account.postings.clear()
    for lot in account.touched.values():
        lot.is_new = False
    account.touched.clear()
    loaded.version += 1
    loaded.changed = False
    return [
        {
            "program_id": program_id,
            "member_id": account.member_id,
            "expires_at": warning.expires_at,
            "days_before": warning.days_before,
            "points": warning.points,
            "recorded_at": now,
        }
        for warning in warnings
    ]


def _member_row(loaded: MemberAccount) -> Row:
    account = loaded.account
    return {
        "id": account.member_id,
        "pending": account.pending,
        "available": account.available,
        "held": account.held,
        "posting_count": account.sequence,
        "chain_head": loaded.chain_head,
        "tier_id": loaded.tier_id,
        "tier_since": loaded.tier_since,
        "tier_until": loaded.tier_until,
        "last_active_at": loaded.last_active_at,
        "next_due_at": loaded.next_due_at,
        "closed_at": loaded.closed_at,
        "version": loaded.version,
    }
