"""Opens a redemption under its member's lock, and writes back what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts, save_accounts
from app.db.allocations import load_allocation_rows, lot_ids_of, save_allocations, with_lots
from app.db.models import Redemption
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.db.rulebook import load_expiry_terms
from app.domain.errors import RedemptionNotFound
from app.domain.ledger import Cause
from app.domain.member_account import MemberAccount
from app.domain.redeeming import Allocation


@dataclass(slots=True, kw_only=True)
class OpenRedemption:
    """A redemption whose member is locked and up to date."""

    row: Redemption
    member: MemberAccount
    allocations: list[Allocation]

    def cause(self, step: str, now: datetime) -> Cause:
        """Return what the postings of a step are made for."""
        return Cause(source=f"redemption:{self.row.id}:{step}", at=now, redemption_id=self.row.id)


def open_redemption(session: Session, redemption_id: int, now: datetime) -> OpenRedemption:
    """Lock the redemption's member and load both; raise RedemptionNotFound."""
    member_id = session.scalar(select(Redemption.member_id).where(Redemption.id == redemption_id))
    if member_id is None:
        raise RedemptionNotFound(redemption_id=redemption_id)
    member = lock_accounts(session, [member_id])[member_id]
    row = session.scalars(
        select(Redemption)
        .where(Redemption.id == redemption_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.member_id != member_id:
        # The member was merged into another while we waited for the lock.
        member = lock_accounts(session, [row.member_id])[row.member_id]
    rows = load_allocation_rows(session, [redemption_id])[redemption_id]
    load_lots(session, [member], lot_ids=lot_ids_of(rows))
    member.bring_up_to(now, load_expiry_terms(session))
    return OpenRedemption(row=row, member=member, allocations=with_lots(rows, member))


def save_redemption(
    session: Session, opened: OpenRedemption, *, now: datetime, ledger_key: bytes, actor: str
) -> RedemptionRow:
    """Write the redemption, its member's account and its allocations; return it as it stands."""
    session.flush()
    opened.member.changed = True
    save_accounts(
        session,
        [opened.member],
        program_id=opened.row.program_id,
        now=now,
        ledger_key=ledger_key,
        actor=actor,
    )
    save_allocations(
        session,
        opened.allocations,
        program_id=opened.row.program_id,
        member_id=opened.row.member_id,
        redemption_id=opened.row.id,
    )
    return read_redemption(session, opened.row.id)


def read_redemption(session: Session, redemption_id: int) -> RedemptionRow:
    """Return the redemption as it stands; raise RedemptionNotFound."""
    row = get_redemption(session, redemption_id)
    if row is None:
        raise RedemptionNotFound(redemption_id=redemption_id)
    return row
