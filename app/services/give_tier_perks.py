"""Gives members the points of their tiers that are due, each once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts, save_accounts
from app.db.awards import source_row
from app.db.bulk import Row, among_texts, insert_rows
from app.db.ids import allocate_ids
from app.db.models import Award
from app.db.models import Lot as LotRow
from app.db.rulebook import load_rulebook
from app.db.tier_perks import DuePerk, due_perks
from app.domain.award import Pin
from app.domain.expiry import expires_at
from app.domain.ledger import Cause, Lot
from app.domain.member_account import MemberAccount
from app.domain.rulebook import Rulebook
from app.domain.tier_perks import PERK_KINDS, PerkKind, reckon_perk

MOST_AT_A_TIME = 500


def give_tier_perks(session: Session, *, program_id: int, now: datetime, ledger_key: bytes) -> int:
    """Give what is due by `now`, up to 500 of each kind; return how many, 0 when all is given.

    The points can be used at once and expire as others do. A repeat gives nothing twice.
    """
    rulebook = load_rulebook(session, program_id)
    return sum(_give_kind(session, rulebook, kind, now, ledger_key) for kind in PERK_KINDS)


def _give_kind(
    session: Session, rulebook: Rulebook, kind: PerkKind, now: datetime, ledger_key: bytes
) -> int:
    perks = f"{kind.removeprefix('tier_')}_points"
    if not any(getattr(tier, perks) for tier in rulebook.tiers):
        return 0
    found = due_perks(session, rulebook.program_id, rulebook.iana_timezone, kind, now)
    found = found[:MOST_AT_A_TIME]
    accounts = lock_accounts(session, {due.member_id for due in found})
    # Another transaction may have given some of it before these members were locked.
    given = _given(session, rulebook.program_id, kind, [due.source_id for due in found])
    found = [due for due in found if due.source_id not in given]
    load_lots(session, [loaded for loaded in accounts.values() if loaded.due_by(now)])
    award_ids = allocate_ids(session, Award, len(found))
    lot_ids = allocate_ids(session, LotRow, len(found))
    rows = [
        _award(accounts[due.member_id], due, rulebook, award_id, lot_id, now)
        for due, award_id, lot_id in zip(found, award_ids, lot_ids, strict=True)
    ]
    insert_rows(session, Award, rows)
    save_accounts(
        session,
        accounts.values(),
        program_id=rulebook.program_id,
        now=now,
        ledger_key=ledger_key,
    )
    return len(rows)


def _given(
    session: Session, program_id: int, kind: PerkKind, source_ids: Sequence[str]
) -> set[str]:
    return set(
        session.scalars(
            select(Award.source_id).where(
                Award.program_id == program_id,
                Award.source_kind == kind,
                among_texts(Award.source_id, source_ids),
            )
        )
    )


def _award(
    loaded: MemberAccount,
    due: DuePerk,
    rulebook: Rulebook,
    award_id: int,
    lot_id: int,
    now: datetime,
) -> Row:
    """Give the points on the account and return the award's row."""
    version_id, rules = rulebook.in_force(now)
    lot = Lot(
        id=lot_id,
        award_id=award_id,
        available_at=now,
        expires_at=expires_at(now, rules, rulebook.iana_timezone),
        matured=True,
    )
    loaded.bring_up_to(now, rulebook.expiry_terms)
    loaded.account.add_lot(lot)
    cause = Cause(source=f"award:{award_id}:1", at=now, award_id=award_id)
    loaded.account.earn(lot, due.points, cause)
    loaded.bring_up_to(now)
    return source_row(
        award_id=award_id,
        program_id=rulebook.program_id,
        member_id=due.member_id,
        source_kind=due.kind,
        source_id=due.source_id,
        pin=Pin(rule_version_id=version_id, tier_id=due.tier_id),
        reckoning=reckon_perk(due.kind, due.points, due.tier_name),
        source_input={"points": due.points, "tier": due.tier_name, "due_on": due.due_on},
        now=now,
    )
