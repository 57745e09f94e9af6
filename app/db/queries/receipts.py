"""What receipts are drawn from: awards with the rules of their version, lots and where they came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.bulk import among
from app.db.models import Allocation, Award, Lot, Member, Posting, RuleVersion
from app.db.rulebook import load_expiry_terms
from app.domain.award import Pin
from app.domain.expiry import last_moment
from app.domain.program_rules import rules_from_json
from app.domain.receipt import Receipt, read_lines, receipt_of

LEGS_MAX = 200
"""One cause never has more postings than this: a leg for each lot it took from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReceipt:
    """An award's receipt, and by which rules it was reckoned when."""

    award_id: int
    source_kind: str
    order_id: int | None
    tier_id: int | None
    rule_number: int
    revision: int
    reckoned_at: datetime
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOrigin:
    """A lot's dates and what its points were earned with."""

    lot_id: int
    source_kind: str | None
    """None: staff gave them, or they came with a return or a merge."""
    order_id: int | None
    points: int
    available_at: datetime
    usable_until: datetime | None
    """The last moment before they expire, as the terms have it by now; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPart:
    """What a redemption took from one lot, and how much of it came back."""

    redemption_id: int
    lot_id: int | None
    """None: into debt."""
    points: int
    restored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One posting as a receipt tells of it."""

    sequence: int
    kind: str
    debit_account: str
    credit_account: str
    points: int
    source_key: str
    lot_id: int | None
    occurred_at: datetime

    @property
    def cause(self) -> str:
        """What several postings were made for at once."""
        return self.source_key.rpartition(":")[0]


def stored_receipts(session: Session, award_ids: Iterable[int]) -> dict[int, StoredReceipt]:
    """Return the receipts of awards, by award id."""
    rows = session.execute(
        select(
            Award.id,
            Award.source_kind,
            Award.source_id,
            Award.pin,
            Award.receipt,
            Award.revision,
            Award.reckoned_at,
            RuleVersion.number,
            RuleVersion.config,
        )
        .join(RuleVersion, RuleVersion.id == Award.rule_version_id)
        .where(among(Award.id, award_ids))
    )
    receipts = {}
    for row in rows:
        pin = Pin(**row.pin)
        receipts[row.id] = StoredReceipt(
            award_id=row.id,
            source_kind=row.source_kind,
            order_id=_order_id(row.source_kind, row.source_id),
            tier_id=pin.tier_id,
            rule_number=row.number,
            revision=row.revision,
            reckoned_at=row.reckoned_at,
            receipt=receipt_of(read_lines(row.receipt), rules_from_json(row.config), pin),
        )
    return receipts


def lot_origins(session: Session, lot_ids: Iterable[int]) -> dict[int, LotOrigin]:
    """Return where lots came from, by lot id."""
    rows = session.execute(
        select(
            Lot.id,
            Lot.points,
            Lot.available_at,
            Lot.expires_at,
            Award.source_kind,
            Award.source_id,
            Member.last_active_at,
        )
        .join(Member, Member.id == Lot.member_id)
        .outerjoin(Award, Award.id == Lot.award_id)
        .where(among(Lot.id, lot_ids))
    )
    terms = load_expiry_terms(session)
    return {
        row.id: LotOrigin(
            lot_id=row.id,
            source_kind=row.source_kind,
            order_id=_order_id(row.source_kind, row.source_id),
            points=row.points,
            available_at=row.available_at,
            usable_until=last_moment(
                terms.end_of(row.expires_at, row.available_at, row.last_active_at)
            ),
        )
        for row in rows
    }


def taken_parts(session: Session, redemption_ids: Iterable[int]) -> list[TakenPart]:
    """Return what redemptions took from which lots, in the order in which it was taken."""
    rows = session.execute(
        select(Allocation.redemption_id, Allocation.lot_id, Allocation.points, Allocation.restored)
        .where(among(Allocation.redemption_id, redemption_ids))
        .order_by(Allocation.id)
    )
    return [TakenPart(**row._mapping) for row in rows]


def lots_of_postings(session: Session, member_id: int, sequences: Iterable[int]) -> dict[int, int]:
    """Return the lots that a member's postings moved points of, by sequence."""
    rows = session.execute(
        select(Posting.sequence, Posting.lot_id).where(
            Posting.member_id == member_id,
            among(Posting.sequence, sequences),
            Posting.lot_id.is_not(None),
        )
    )
    return {row.sequence: row.lot_id for row in rows if row.lot_id is not None}


def award_moves(session: Session, award_id: int) -> list[Move]:
    """Return what an award's revisions posted, the oldest first."""
    query = select(*_MOVE).where(
        Posting.award_id == award_id,
        Posting.source_key.startswith(f"award:{award_id}:", autoescape=True),
    )
    return [Move(**row._mapping) for row in session.execute(query.order_by(Posting.id))]


def moves_of_cause(session: Session, member_id: int, sequence: int) -> list[Move]:
    """Return the posting and those made with it for the same cause, the oldest first."""
    query = select(*_MOVE).where(
        Posting.member_id == member_id,
        Posting.sequence.between(sequence - LEGS_MAX, sequence + LEGS_MAX),
    )
    near = [Move(**row._mapping) for row in session.execute(query.order_by(Posting.sequence))]
    cause = next((move.cause for move in near if move.sequence == sequence), None)
    return [move for move in near if move.cause == cause]


_MOVE = (
    Posting.sequence,
    Posting.kind,
    Posting.debit_account,
    Posting.credit_account,
    Posting.points,
    Posting.source_key,
    Posting.lot_id,
    Posting.occurred_at,
)


def _order_id(source_kind: str | None, source_id: str | None) -> int | None:
    if source_kind == "order" and source_id:
        return int(source_id.rpartition(":")[2])
    return None
