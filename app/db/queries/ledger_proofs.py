"""The proofs of a programme's ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import LedgerProof
from app.domain.discrepancy import Discrepancy


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRow:
    """What one proof found."""

    proved_at: datetime
    postings: int
    last_posting_id: int
    awards: int
    discrepancies: tuple[Discrepancy, ...]


def latest_proof(session: Session, program_id: int) -> ProofRow | None:
    """Return the newest proof of a programme's ledger, or None before the first."""
    row = session.execute(
        select(
            LedgerProof.proved_at,
            LedgerProof.postings,
            LedgerProof.last_posting_id,
            LedgerProof.awards,
            LedgerProof.discrepancies,
        )
        .where(LedgerProof.program_id == program_id)
        .order_by(LedgerProof.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = dict(row._mapping)
    values["discrepancies"] = tuple(Discrepancy(**each) for each in values["discrepancies"])
    return ProofRow(**values)
