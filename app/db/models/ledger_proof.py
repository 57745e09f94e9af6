"""What the proofs of a programme's ledger found."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from app.db.base import Base, BigId, TenantProgramId


class LedgerProof(Base):
    """One proof of a programme's whole ledger; insert-only, and the next proof looks back at it."""

    __tablename__ = "ledger_proof"
    __table_args__ = (
        CheckConstraint("postings >= 0", name="postings_not_negative"),
        Index("ix_ledger_proof_program", "program_id", "id"),
    )

    id: Mapped[BigId]
    program_id: Mapped[TenantProgramId]
    proved_at: Mapped[datetime]
    postings: Mapped[int]
    """How many there were, all of them looked at."""
    last_posting_id: Mapped[int]
    """The highest id among them, 0 without any: there may never be fewer up to here."""
    awards: Mapped[int]
    """How many were reckoned again."""
    duration_ms: Mapped[int]
    discrepancies: Mapped[list[Any]]
    """app.domain.discrepancy.Discrepancy as JSON; empty when the ledger is proved."""
