"""Lets staff give points to a member or take some away."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.accounts import save_accounts
from app.db.awards import source_row
from app.db.bulk import Row, insert_rows
from app.db.ids import ask_one_of_each
from app.db.models import Award
from app.db.models import Lot as LotRow
from app.db.rulebook import is_posted, rules_at
from app.db.wire import Trip, one_trip, unanswered
from app.domain.award import Pin, reckon_manual
from app.domain.expiry import expires_at
from app.domain.ledger import Cause, Lot
from app.domain.member_account import MemberAccount
from app.domain.program_rules import ProgramRules
from app.services.open_account import ask_account_and_posted

NOTE = """
    insert into posting_note (posting_id, program_id, note, created_at)
    select id, program_id, $3::bytea, $4::timestamptz from posting
    where program_id = $1::bigint and source_key = $2::text
"""


def adjust_points(
    session: Session,
    *,
    program_id: int,
    member_id: int,
    points: int,
    key: str,
    actor: str,
    note: bytes | None,
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Add `points` (usable at once, expiring by the rules) or, below zero, take them away.

    The same `key` again changes nothing. `note` is encrypted. Raises NotEnoughPoints when more is
    to be taken than is available.
    """
    source = f"adjust:{member_id}:{key}"
    with one_trip(session) as trip:
        asked = ask_account_and_posted(trip, member_id, program_id, f"{source}:1")
        gift = _Gift(trip) if points > 0 else None
    loaded = asked.open(now)
    if is_posted(asked.terms):
        return
    cause = Cause(source=source, at=now)
    awards = []
    if gift is not None:
        rules = rules_at(asked.terms, program_id, now)
        awards = [gift.give(loaded, points, key, cause, program_id, rules)]
    elif points < 0:
        loaded.account.spend("adjust", "adjusted", -points, cause)
    with unanswered(session) as trip:
        insert_rows(session, Award, awards)
        save_accounts(
            session, [loaded], program_id=program_id, now=now, ledger_key=ledger_key, actor=actor
        )
        if note is not None:
            trip.ask(NOTE, (program_id, f"{source}:1", note, now))


class _Gift:
    """The ids of an award and of its lot, asked for; to be given when the trip is over."""

    def __init__(self, trip: Trip) -> None:
        self._ids = ask_one_of_each(trip, Award, LotRow)

    def give(
        self,
        loaded: MemberAccount,
        points: int,
        key: str,
        cause: Cause,
        program_id: int,
        rules_now: tuple[int, ProgramRules, str],
    ) -> Row:
        """Open a lot that can be used at once, and return the row of the award it belongs to."""
        member_id, now = loaded.account.member_id, cause.at
        version_id, rules, iana_timezone = rules_now
        [(award_id, lot_id)] = self._ids.rows
        award = source_row(
            award_id=award_id,
            program_id=program_id,
            member_id=member_id,
            source_kind="manual",
            source_id=f"{member_id}:{key}",
            pin=Pin(rule_version_id=version_id, tier_id=loaded.tier_id),
            reckoning=reckon_manual(points),
            source_input={"points": points},
            now=now,
        )
        lot = Lot(
            id=lot_id,
            award_id=award_id,
            available_at=now,
            expires_at=expires_at(now, rules, iana_timezone),
            matured=True,
        )
        loaded.account.add_lot(lot)
        loaded.account.make_available(
            "adjust", "adjusted", points, replace(cause, award_id=award_id), lot
        )
        return award
