"""Opens a redemption under its member's lock, and writes back what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.accounts import accounts_of, ask_buyer, ask_buyers_lots, give_lots, save_accounts
from app.db.allocations import allocation_rows_of, ask_allocations, save_allocations, with_lots
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.db.redemption_steps import RedemptionStep, ask_step, save_step, step_of
from app.db.rulebook import ask_expiry_terms, expiry_terms_of, newest_rules_of
from app.db.wire import one_trip, unanswered
from app.domain.errors import RedemptionNotFound
from app.domain.ledger import Cause
from app.domain.member_account import MemberAccount
from app.domain.program_rules import ProgramRules
from app.domain.redeeming import Allocation


@dataclass(slots=True, kw_only=True)
class OpenRedemption:
    """A redemption whose member is locked and up to date."""

    row: RedemptionStep
    member: MemberAccount
    allocations: list[Allocation]
    rules: ProgramRules
    """Those that were published last."""

    def cause(self, step: str, now: datetime) -> Cause:
        """Return what the postings of a step are made for."""
        return Cause(source=f"redemption:{self.row.id}:{step}", at=now, redemption_id=self.row.id)


def open_redemption(session: Session, redemption_id: int, now: datetime) -> OpenRedemption:
    """Lock the redemption's member and load both; raise RedemptionNotFound."""
    while True:
        # Statements of their own, so that each sees what was done while the lock was waited for.
        with one_trip(session) as trip:
            members = ask_buyer(trip, redemption_id)
            redemptions = ask_step(trip, redemption_id)
            lots = ask_buyers_lots(trip, redemption_id)
            taken = ask_allocations(trip, [redemption_id])
            terms = ask_expiry_terms(trip)
        row = step_of(redemptions)
        if row is None:
            raise RedemptionNotFound(redemption_id=redemption_id)
        accounts = accounts_of(members)
        if row.member_id in accounts:
            break
        # The member was merged into another while we waited for the lock.
    give_lots(accounts, lots)
    member = accounts[row.member_id]
    member.bring_up_to(now, expiry_terms_of(terms))
    return OpenRedemption(
        row=row,
        member=member,
        allocations=with_lots(allocation_rows_of(taken)[redemption_id], member),
        rules=newest_rules_of(terms, row.program_id),
    )


def save_redemption(
    session: Session, opened: OpenRedemption, *, now: datetime, ledger_key: bytes, actor: str
) -> RedemptionRow:
    """Write the redemption, its member's account and its allocations; return it as it stands.

    Nobody waits for that: errors come with what the session does next.
    """
    row = opened.row
    opened.member.changed = True
    with unanswered(session):
        save_step(session, row)
        save_accounts(
            session,
            [opened.member],
            program_id=row.program_id,
            now=now,
            ledger_key=ledger_key,
            actor=actor,
        )
        save_allocations(
            session,
            [each for each in opened.allocations if each.is_changed],
            program_id=row.program_id,
            member_id=row.member_id,
            redemption_id=row.id,
        )
    return row.as_it_stands()


def read_redemption(session: Session, redemption_id: int) -> RedemptionRow:
    """Return the redemption as it stands; raise RedemptionNotFound."""
    row = get_redemption(session, redemption_id)
    if row is None:
        raise RedemptionNotFound(redemption_id=redemption_id)
    return row
