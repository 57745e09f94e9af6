"""Proves a programme's ledger: every balance against its postings."""

import logging

from app.clock import utc_now
from app.flows.prove_ledger import prove_ledger
from app.jobs.work import Work

logger = logging.getLogger(__name__)


def run(work: Work, program_id: int) -> None:
    """Keep what the proof found, for the home page; log every discrepancy as an error."""
    parts = work.parts
    proof = prove_ledger(
        parts.database,
        program_id=program_id,
        ledger_key=parts.settings.ledger_key,
        now=utc_now(),
    )
    for discrepancy in proof.discrepancies:
        logger.error(
            "ledger.discrepancy",
            extra={
                "fields": {
                    "program_id": program_id,
                    "what": discrepancy.what,
                    "where": discrepancy.where,
                    "expected": discrepancy.expected,
                    "found": discrepancy.found,
                }
            },
        )
    logger.info(
        "ledger.verified",
        extra={
            "fields": {
                "program_id": program_id,
                "postings": proof.postings,
                "awards": proof.awards,
                "discrepancies": len(proof.discrepancies),
                "duration_ms": proof.duration_ms,
            }
        },
    )
