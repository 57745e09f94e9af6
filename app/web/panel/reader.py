"""Reads what a panel shows of one member, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.db.queries.memberships import (
    AskedMemberships,
    Membership,
    ask_memberships,
    membership,
)
from app.db.queries.programs import ProgramRow, ask_program, get_program, program_of
from app.db.queries.rewards import program_rewards
from app.db.queries.tier_standings import no_standing, tier_standings
from app.db.rulebook import load_rulebook
from app.db.wire import Answer, Trip
from app.domain.ledger import Account
from app.domain.standing import Standing, standing_of
from app.domain.tier_standing import TierStanding
from app.domain.tiers import TierLevel, level_for
from app.words.catalogue import Words
from app.words.earning import Programme
from app.words.formats import day


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose points are shown, in which programme, in which language, at which moment."""

    words: Words
    program: ProgramRow
    membership: Membership
    standing: Standing
    now: datetime

    def day(self, moment: datetime) -> str:
        """Return the day of a moment as the shopper reads it: "6 Dec"."""
        return day(moment, self.program.iana_timezone, self.words.locale, now=self.now)

    def calendar_day(self, on: date) -> str:
        """Return a day of the shop's calendar as the shopper reads it."""
        return self.day(datetime.combine(on, time(12), ZoneInfo(self.program.iana_timezone)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHolder:
    """A holder who was asked for; to be read when the trip is over."""

    program: Answer
    memberships: AskedMemberships
    member_id: int

    def read(self, words: Words, now: datetime) -> Holder:
        """Return the holder."""
        program = program_of(self.program)
        holder = self.memberships.read().get(self.member_id) or _nobody(())
        return Holder(
            words=words,
            program=program,
            membership=holder,
            standing=standing_of(holder.account, now, program.iana_timezone),
            now=now,
        )


def ask_holder(trip: Trip, program_id: int, member_id: int) -> AskedHolder:
    """Ask for a member's points, and what their programme calls them."""
    return AskedHolder(
        program=ask_program(trip, program_id),
        memberships=ask_memberships(trip, [member_id]),
        member_id=member_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(Holder):
    """One shopper's whole view: also what the programme has, and their tier in it."""

    programme: Programme
    tier: TierStanding


def read_member(
    session: Session, *, program_id: int, member_id: int | None, words: Words, now: datetime
) -> Reader:
    """Return the view of a member; None is a customer who has not joined yet, with no points."""
    program = get_program(session, program_id)
    rulebook = load_rulebook(session, program_id)
    found = membership(session, member_id or 0, rulebook.expiry_terms, now)
    holder = found or _nobody(rulebook.tiers)
    standings = tier_standings(session, rulebook, [holder.member_id], now)
    return Reader(
        words=words,
        program=program,
        programme=Programme(
            currency=program.currency,
            points_name=program.points_name,
            rules=rulebook.in_force(now)[1],
            tiers=rulebook.tiers,
            tier_terms=rulebook.tier_terms,
            rewards=program_rewards(session, program_id, offered_only=True),
        ),
        membership=holder,
        standing=standing_of(holder.account, now, program.iana_timezone),
        tier=standings.get(holder.member_id) or no_standing(rulebook, now),
        now=now,
    )


def _nobody(tiers: tuple[TierLevel, ...]) -> Membership:
    lowest = level_for(tiers, 0)
    return Membership(
        member_id=0,
        version=0,
        tier_id=lowest.id if lowest else None,
        account=Account(0),
    )
