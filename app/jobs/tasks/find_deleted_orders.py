"""Looks for a shop's orders that are gone at Shopify."""

from app.flows.find_deleted_orders import find_deleted_orders
from app.flows.reconcile import Progress
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

BUDGET_S = 20.0
"""A job is short; a pass that takes longer goes on in another job."""


def run(work: Work, shop_id: int, after: int | None = None) -> None:
    """Look for them, or for a part of them: past the order `after`."""
    progress = Progress()
    # The next night looks again.
    with put_off_without_shopify("find_deleted_orders"):
        progress = find_deleted_orders(work.parts, shop_id, after=after, budget_s=BUDGET_S)
    if progress.resume_after is not None:
        work.parts.jobs.enqueue("find_deleted_orders", shop_id=shop_id, after=progress.resume_after)
