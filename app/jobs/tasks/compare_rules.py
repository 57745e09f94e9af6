"""Compares a draft of rules with the live ones, over a shop's own orders."""

from time import monotonic

from app.db.session import Tenant
from app.flows.compare_rules import Comparing
from app.jobs.work import Work
from app.services.fail_rule_comparison import fail_rule_comparison

BUDGET_S = 15.0
"""A job is short; a comparison that takes longer goes on in another job."""


def run(work: Work, program_id: int, shop_id: int, comparison_id: int) -> None:
    """Reckon batch after batch, each in a transaction of its own, as far as the time goes."""
    database = work.parts.database
    tenant = Tenant(program_id=program_id, shop_id=shop_id)
    comparing = Comparing(work.parts, tenant, comparison_id)
    end = monotonic() + BUDGET_S
    more = True
    try:
        while more and monotonic() < end:
            more = comparing.next_orders()
    except Exception:
        with database.tenant(tenant) as session:
            fail_rule_comparison(session, comparison_id=comparison_id)
        raise
    if more:
        work.parts.jobs.enqueue(
            "compare_rules", program_id=program_id, shop_id=shop_id, comparison_id=comparison_id
        )
