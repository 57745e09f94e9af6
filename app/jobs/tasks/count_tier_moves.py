"""Counts who would move by a draft of tiers, while its page waits."""

from time import monotonic

from app.clock import utc_now
from app.db.session import Tenant
from app.jobs.work import Work
from app.services.count_tier_moves import count_next, fail_counting

BUDGET_S = 15.0
"""A job is short; what takes longer goes on in another job."""


def run(work: Work, program_id: int, outlook_id: int) -> None:
    """Count part after part, each in a transaction of its own, as far as the time goes."""
    database, tenant = work.parts.database, Tenant(program_id=program_id)
    end = monotonic() + BUDGET_S
    more = True
    try:
        while more and monotonic() < end:
            with database.tenant(tenant) as session:
                more = count_next(session, outlook_id, utc_now())
    except Exception:
        with database.tenant(tenant) as session:
            fail_counting(session, outlook_id)
        raise
    if more:
        work.parts.jobs.enqueue("count_tier_moves", program_id=program_id, outlook_id=outlook_id)
