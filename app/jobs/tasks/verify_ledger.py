"""Proves a programme's ledger: every balance against its postings."""

import logging

from app.db.session import Tenant
from app.jobs.work import Work
from app.services.verify_ledger import verify_ledger

logger = logging.getLogger(__name__)


def run(work: Work, program_id: int) -> None:
    """Log every discrepancy as an error."""
    parts = work.parts
    # What is posted meanwhile would look like a discrepancy.
    tenant = Tenant(program_id=program_id)
    with parts.database.tenant(tenant, one_moment=True) as session:
        found = verify_ledger(session, program_id=program_id, ledger_key=parts.settings.ledger_key)
    for discrepancy in found:
        logger.error(
            "ledger.discrepancy",
            extra={
                "fields": {
                    "program_id": program_id,
                    "what": discrepancy.what,
                    "where": discrepancy.where,
                }
            },
        )
    logger.info(
        "ledger.verified",
        extra={"fields": {"program_id": program_id, "discrepancies": len(found)}},
    )
