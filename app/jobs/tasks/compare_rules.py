"""Compares a draft of rules with the live ones, over a shop's own orders."""

from time import monotonic

from app.clock import utc_now
from app.db.session import Tenant
from app.jobs.work import Work
from app.services.compare_rules import compare_rules
from app.services.fail_rule_comparison import fail_rule_comparison

BUDGET_S = 15.0
"""A job is short; a comparison that takes longer goes on in another job."""


def run(work: Work, program_id: int, shop_id: int, comparison_id: int) -> None:
    """Reckon batch after batch, each in a transaction of its own, as far as the time goes."""
    database = work.parts.database
    tenant = Tenant(program_id=program_id, shop_id=shop_id)
    end = monotonic() + BUDGET_S
    more = True
    try:
        while more and monotonic() < end:
            with database.tenant(tenant) as session:
                more = compare_rules(session, comparison_id=comparison_id, now=utc_now())
    except Exception:
        with database.tenant(tenant) as session:
            fail_rule_comparison(session, comparison_id=comparison_id)
        raise
    if more:
        work.parts.jobs.enqueue(
            "compare_rules", program_id=program_id, shop_id=shop_id, comparison_id=comparison_id
        )
