"""Reckons or grants points for a shop's past orders."""

from app.flows.back_fill import back_fill
from app.jobs.work import Work

BUDGET_S = 10.0
"""A job is short; what takes longer goes on in another job."""


def run(work: Work, shop_id: int) -> None:
    """Go on with the back-fill."""
    if back_fill(work.parts, shop_id, budget_s=BUDGET_S):
        work.parts.jobs.enqueue("back_fill", shop_id=shop_id)
