"""Awards customers for signing up, once each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts, save_accounts
from app.db.awards import source_row
from app.db.bulk import Row, among_texts, insert_rows
from app.db.ids import allocate_ids
from app.db.models import Award
from app.db.models import Lot as LotRow
from app.db.tier_tally import add_days
from app.domain.award import Pin, reckon_sign_up
from app.domain.expiry import expires_at
from app.domain.ledger import Cause, Lot
from app.domain.member_account import MemberAccount
from app.domain.rulebook import Rulebook
from app.domain.tier_tally import Day, Done
from app.domain.tier_terms import local_day


class _SignUp(NamedTuple):
    source_id: str
    member_id: int
    at: datetime


def award_sign_ups(
    session: Session,
    *,
    shop_id: int,
    rulebook: Rulebook,
    created: Iterable[tuple[int, int, datetime]],
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Award members for each of their customers (member id, customer id, when created).

    Only for those who signed up since the start. The points can be used at once. Who was awarded
    already is left alone; members who were merged are awarded for both customers, in whatever order
    Shopify told of them.
    """
    due = [
        _SignUp(source_id=f"{shop_id}:{customer_id}", member_id=member_id, at=at)
        for member_id, customer_id, at in sorted(created)
        if at >= rulebook.earning_starts_at and rulebook.in_force(at)[1].sign_up_points
    ]
    awarded = _awarded(session, rulebook.program_id, [each.source_id for each in due])
    due = [each for each in due if each.source_id not in awarded]
    if not due:
        return
    accounts = lock_accounts(session, (each.member_id for each in due))
    load_lots(session, [loaded for loaded in accounts.values() if loaded.due_by(now)])
    award_ids = allocate_ids(session, Award, len(due))
    lot_ids = allocate_ids(session, LotRow, len(due))
    rows = [
        _award(accounts[each.member_id], each, rulebook, award_id, lot_id, now)
        for each, award_id, lot_id in zip(due, award_ids, lot_ids, strict=True)
    ]
    insert_rows(session, Award, rows)
    _count(session, rulebook, due)
    save_accounts(
        session,
        accounts.values(),
        program_id=rulebook.program_id,
        now=now,
        ledger_key=ledger_key,
    )


def _award(
    loaded: MemberAccount,
    sign_up: _SignUp,
    rulebook: Rulebook,
    award_id: int,
    lot_id: int,
    now: datetime,
) -> Row:
    """Give the points on the account and return the award's row."""
    version_id, rules = rulebook.in_force(sign_up.at)
    lot = Lot(
        id=lot_id,
        award_id=award_id,
        available_at=sign_up.at,
        expires_at=expires_at(sign_up.at, rules, rulebook.iana_timezone),
        matured=True,
    )
    loaded.bring_up_to(now, rulebook.expiry_terms)
    loaded.account.add_lot(lot)
    cause = Cause(source=f"award:{award_id}:1", at=sign_up.at, award_id=award_id)
    loaded.account.earn(lot, rules.sign_up_points, cause)
    loaded.be_active(sign_up.at, now)
    loaded.bring_up_to(now)
    if rulebook.tier_terms.measure == "points":
        loaded.tier_review_at = now
    return source_row(
        award_id=award_id,
        program_id=rulebook.program_id,
        member_id=sign_up.member_id,
        source_kind="sign_up",
        source_id=sign_up.source_id,
        pin=Pin(rule_version_id=version_id, tier_id=loaded.tier_id),
        reckoning=reckon_sign_up(rules),
        source_input={"signed_up_at": sign_up.at},
        now=now,
    )


def _count(session: Session, rulebook: Rulebook, due: Sequence[_SignUp]) -> None:
    """Add what was earned to the members' days."""
    days: defaultdict[Day, Done] = defaultdict(Done)
    for each in due:
        key = each.member_id, local_day(each.at, rulebook.iana_timezone)
        earned = Done(points=rulebook.in_force(each.at)[1].sign_up_points)
        days[key] = days[key].plus(earned)
    add_days(session, rulebook.program_id, sorted(days.items()))


def _awarded(session: Session, program_id: int, source_ids: Sequence[str]) -> set[str]:
    return set(
        session.scalars(
            select(Award.source_id).where(
                Award.program_id == program_id,
                Award.source_kind == "sign_up",
                among_texts(Award.source_id, source_ids),
            )
        )
    )
