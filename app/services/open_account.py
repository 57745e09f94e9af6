"""Locks one member's account and brings it up to date, so that a service can move its points."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.accounts import accounts_of, ask_accounts, ask_lots, give_lots
from app.db.rulebook import ask_expiry_terms, ask_terms_and_posted, expiry_terms_of
from app.db.wire import Answer, Trip, one_trip
from app.domain.errors import MemberNotFound
from app.domain.member_account import MemberAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAccount:
    """A member's account, asked for and locked; to be opened when the trip is over."""

    member_id: int
    members: Answer
    lots: Answer
    terms: Answer

    def open(self, now: datetime) -> MemberAccount:
        """Return the account, matured and expired up to `now`; raise MemberNotFound."""
        accounts = accounts_of(self.members)
        if not accounts:
            raise MemberNotFound(member_id=self.member_id)
        give_lots(accounts, self.lots)
        loaded = accounts[self.member_id]
        loaded.bring_up_to(now, expiry_terms_of(self.terms))
        return loaded


def ask_account(trip: Trip, member_id: int, *, lot_ids: Iterable[int] = ()) -> AskedAccount:
    """Lock a member and ask for all lots that hold points, and for `lot_ids`."""
    return AskedAccount(
        member_id=member_id,
        members=ask_accounts(trip, [member_id]),
        lots=ask_lots(trip, [member_id], lot_ids=lot_ids),
        terms=ask_expiry_terms(trip),
    )


def ask_account_and_posted(
    trip: Trip, member_id: int, program_id: int, source_key: str
) -> AskedAccount:
    """Ask for the same, and whether a posting is there already: `is_posted` of the terms."""
    return AskedAccount(
        member_id=member_id,
        members=ask_accounts(trip, [member_id]),
        lots=ask_lots(trip, [member_id]),
        terms=ask_terms_and_posted(trip, program_id, source_key),
    )


def open_account(
    session: Session, member_id: int, *, now: datetime, lot_ids: Iterable[int] = ()
) -> MemberAccount:
    """Return the member's account with its lots, matured and expired up to `now`.

    `lot_ids` are loaded besides those that hold points. Raises MemberNotFound.
    """
    with one_trip(session) as trip:
        asked = ask_account(trip, member_id, lot_ids=lot_ids)
    return asked.open(now)
