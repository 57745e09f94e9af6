"""Compares a shop's orders with Shopify's and takes in what was missed."""

from datetime import datetime

from app.flows.reconcile import Progress, reconcile_shop
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

BUDGET_S = 20.0
"""A job is short; a pass that takes longer goes on in another job."""


def run(work: Work, shop_id: int, resume_from: str | None = None) -> None:
    """Reconcile the shop, or a part of it; `resume_from` is ISO 8601."""
    progress = Progress()
    # The next pass begins where this one was noted to be.
    with put_off_without_shopify("reconcile_shop"):
        progress = reconcile_shop(
            work.parts,
            shop_id,
            resume_from=datetime.fromisoformat(resume_from) if resume_from else None,
            budget_s=BUDGET_S,
        )
    if progress.resume_from is not None:
        work.parts.jobs.enqueue(
            "reconcile_shop", shop_id=shop_id, resume_from=progress.resume_from.isoformat()
        )
