"""Loads members' accounts under their row locks and writes back what their moves changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.bulk import (
    NO_IDS,
    Row,
    bigints,
    insert_new_rows,
    insert_values,
    update_values,
)
from app.db.chain import next_links
from app.db.models import ExpiryWarning, Member
from app.db.models import Lot as LotRow
from app.db.models import Posting as PostingRow
from app.db.wire import Answer, Trip, one_trip
from app.domain.ledger import Account, Lot
from app.domain.member_account import MemberAccount

_MEMBERS = """
    select id, pending, available, held, posting_count, chain_head, tier_id, tier_since,
        tier_until, last_active_at, next_due_at, closed_at, version, pinned_tier_id, pinned_until,
        tier_review_at
    from member where
"""
# PostgreSQL plans a search among any number of ids anew each time, but keeps the plan for one.
_LOCK_MEMBER = f"{_MEMBERS} id = $1::bigint for no key update"
_LOCK_MEMBERS = f"{_MEMBERS} id = any($1::bigint[]) order by id for no key update"
_LOCK_BUYER = f"""
    {_MEMBERS} id = (select member_id from redemption where id = $1::bigint) for no key update
"""  # noqa: S608 - parts of our own
_LOCK_FREE_MEMBERS = f"{_LOCK_MEMBERS} skip locked"
_LOTS = """
    select id, member_id, award_id, available_at, expires_at, matured, points, remaining, expired,
        written_off
    from lot where
"""
_OPEN_LOTS_OF_ONE = f"{_LOTS} member_id = $1::bigint and remaining > 0"
_OPEN_LOTS = f"{_LOTS} member_id = any($1::bigint[]) and remaining > 0"
_OPEN_AND_NAMED_LOTS = f"""{_LOTS} member_id = any($1::bigint[]) and remaining > 0
    or award_id = any($2::bigint[]) or id = any($3::bigint[])
"""
_BUYERS_LOTS = f"""{_LOTS}
    member_id = (select member_id from redemption where id = $1::bigint) and remaining > 0
    or id = any(array(select lot_id from allocation where redemption_id = $1::bigint))
"""  # noqa: S608 - parts of our own

# The columns of rows as save_accounts writes them.
_MEMBER = (
    "id",
    "pending",
    "available",
    "held",
    "posting_count",
    "chain_head",
    "tier_id",
    "tier_since",
    "tier_until",
    "last_active_at",
    "next_due_at",
    "closed_at",
    "version",
    "tier_review_at",
)
_LOT = ("id", "points", "remaining", "expired", "written_off", "matured")
_NEW_LOT = (*_LOT, "member_id", "award_id", "available_at", "expires_at")
_POSTING = (
    "kind",
    "debit_account",
    "credit_account",
    "points",
    "source_key",
    "occurred_at",
    "award_id",
    "redemption_id",
    "lot_id",
    "member_id",
    "sequence",
    "hash",
)
"""Those of app.domain.ledger.Posting first."""


def lock_accounts(
    session: Session, member_ids: Iterable[int], *, skip_locked: bool = False
) -> dict[int, MemberAccount]:
    """Lock members in the order of their ids and return their accounts, without lots.

    With `skip_locked`, members that somebody else has locked are left out.
    """
    with one_trip(session) as trip:
        members = ask_accounts(trip, set(member_ids), skip_locked=skip_locked)
    return accounts_of(members)


def load_lots(
    session: Session,
    accounts: Iterable[MemberAccount],
    *,
    award_ids: Iterable[int] = (),
    lot_ids: Iterable[int] = (),
) -> None:
    """Give the accounts all lots that hold points, and of the awards and lots that are named."""
    by_id = {loaded.account.member_id: loaded for loaded in accounts}
    if by_id:
        with one_trip(session) as trip:
            lots = ask_lots(trip, by_id, award_ids=award_ids, lot_ids=lot_ids)
        give_lots(by_id, lots)


def ask_accounts(trip: Trip, member_ids: Iterable[int], *, skip_locked: bool = False) -> Answer:
    """Ask for members, to be locked, as `lock_accounts` does; see `accounts_of`."""
    ids = list(member_ids)
    if len(ids) == 1 and not skip_locked:
        return trip.ask(_LOCK_MEMBER, ids)
    return trip.ask(_LOCK_FREE_MEMBERS if skip_locked else _LOCK_MEMBERS, (bigints(ids),))


def accounts_of(members: Answer) -> dict[int, MemberAccount]:
    """Return the accounts that were asked for, without lots."""
    return {
        member_id: MemberAccount(
            account=Account(member_id, pending, available, held, posting_count),
            chain_head=chain_head,
            tier_id=tier_id,
            tier_since=tier_since,
            tier_until=tier_until,
            last_active_at=last_active_at,
            next_due_at=next_due_at,
            closed_at=closed_at,
            version=version,
            pinned_tier_id=pinned_tier_id,
            pinned_until=pinned_until,
            tier_review_at=tier_review_at,
        )
        for (
            member_id,
            pending,
            available,
            held,
            posting_count,
            chain_head,
            tier_id,
            tier_since,
            tier_until,
            last_active_at,
            next_due_at,
            closed_at,
            version,
            pinned_tier_id,
            pinned_until,
            tier_review_at,
        ) in members.rows
    }


def ask_lots(
    trip: Trip,
    member_ids: Iterable[int],
    *,
    award_ids: Iterable[int] = (),
    lot_ids: Iterable[int] = (),
) -> Answer:
    """Ask for the lots that `load_lots` loads; see `give_lots`.

    A question of its own, after that which locks: what was posted while that one waited counts.
    """
    ids, also = list(member_ids), (bigints(award_ids), bigints(lot_ids))
    if also != (NO_IDS, NO_IDS):
        return trip.ask(_OPEN_AND_NAMED_LOTS, (bigints(ids), *also))
    if len(ids) == 1:
        return trip.ask(_OPEN_LOTS_OF_ONE, ids)
    return trip.ask(_OPEN_LOTS, (bigints(ids),))


def ask_buyer(trip: Trip, redemption_id: int) -> Answer:
    """Ask for the member of a redemption, to be locked; see `accounts_of`."""
    return trip.ask(_LOCK_BUYER, (redemption_id,))


def ask_buyers_lots(trip: Trip, redemption_id: int) -> Answer:
    """Ask for that member's lots that hold points, and those that the redemption took from."""
    return trip.ask(_BUYERS_LOTS, (redemption_id,))


def give_lots(accounts: Mapping[int, MemberAccount], lots: Answer) -> None:
    """Give accounts the lots that were asked for, in the order of their ids."""
    for (
        lot_id,
        member_id,
        award_id,
        available_at,
        expires_at,
        matured,
        points,
        remaining,
        expired,
        written_off,
    ) in sorted(lots.rows):
        owner = accounts.get(member_id)
        if owner is not None and lot_id not in owner.account.touched:
            owner.account.lots.append(
                Lot(
                    id=lot_id,
                    award_id=award_id,
                    available_at=available_at,
                    expires_at=expires_at,
                    matured=matured,
                    points=points,
                    remaining=remaining,
                    expired=expired,
                    written_off=written_off,
                    is_new=False,
                )
            )
    for loaded in accounts.values():
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
    accounts = list(accounts)
    count = save_moves(
        session, accounts, program_id=program_id, now=now, ledger_key=ledger_key, actor=actor
    )
    changed = [loaded for loaded in accounts if loaded.changed]
    warnings = [row for loaded in changed for row in _settle(loaded, program_id, now)]
    insert_new_rows(session, ExpiryWarning, warnings)
    if changed:
        update_values(session, Member, _MEMBER, [_member_values(loaded) for loaded in changed])
    return count


def save_moves(
    session: Session,
    accounts: Iterable[MemberAccount],
    *,
    program_id: int,
    now: datetime,
    ledger_key: bytes,
    actor: str = "system",
) -> int:
    """Write lots and postings as they are so far; return the number of postings.

    More moves may follow. The members themselves are left to `save_accounts`, which has to follow.
    """
    moved = [loaded for loaded in accounts if loaded.account.postings or loaded.account.touched]
    _save_lots(session, moved, program_id)
    count = _save_postings(session, moved, program_id, now, ledger_key, actor)
    for loaded in moved:
        loaded.account.take_as_saved()
        loaded.changed = True
    return count


def _save_lots(session: Session, accounts: Iterable[MemberAccount], program_id: int) -> None:
    new: list[tuple[object, ...]] = []
    old: list[tuple[object, ...]] = []
    for loaded in accounts:
        member_id = loaded.account.member_id
        for lot in loaded.account.touched.values():
            values = (
                lot.id,
                lot.points,
                lot.remaining,
                lot.expired,
                lot.written_off,
                lot.matured,
            )
            if lot.is_new:
                new.append((*values, member_id, lot.award_id, lot.available_at, lot.expires_at))
            else:
                old.append(values)
    if new:
        insert_values(session, LotRow, _NEW_LOT, new, {"program_id": program_id})
    if old:
        update_values(session, LotRow, _LOT, old)


def _save_postings(
    session: Session,
    accounts: Iterable[MemberAccount],
    program_id: int,
    now: datetime,
    ledger_key: bytes,
    actor: str,
) -> int:
    """Insert the accounts' postings, numbered and chained; return how many."""
    rows: list[tuple[object, ...]] = []
    for loaded in accounts:
        account = loaded.account
        if not account.postings:
            continue
        first = account.sequence + 1
        links = next_links(
            ledger_key,
            loaded.chain_head,
            program_id=program_id,
            member_id=account.member_id,
            sequence=first,
            postings=account.postings,
            actor=actor,
            recorded_at=now,
        )
        loaded.chain_head = links[-1]
        rows += [
            (*posting, account.member_id, sequence, link)
            for sequence, (posting, link) in enumerate(
                zip(account.postings, links, strict=True), first
            )
        ]
    if rows:
        shared = {"program_id": program_id, "actor": actor, "recorded_at": now}
        insert_values(session, PostingRow, _POSTING, rows, shared)
    return len(rows)


def _settle(loaded: MemberAccount, program_id: int, now: datetime) -> list[Row]:
    """Take the member as written, with a look ahead; return the warnings that are due."""
    account = loaded.account
    warnings = loaded.look_ahead(now)
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


def _member_values(loaded: MemberAccount) -> tuple[object, ...]:
    account = loaded.account
    return (
        account.member_id,
        account.pending,
        account.available,
        account.held,
        account.sequence,
        loaded.chain_head,
        loaded.tier_id,
        loaded.tier_since,
        loaded.tier_until,
        loaded.last_active_at,
        loaded.next_due_at,
        loaded.closed_at,
        loaded.version,
        loaded.tier_review_at,
    )
