"""Compares a shop's orders with Shopify's and takes in what was missed."""

import logging
from datetime import datetime

from app.flows.reconcile import reconcile_shop
from app.jobs.work import Work
from app.shopify.errors import RefreshTokenLost, ShopClosed, ShopifyUnavailable

logger = logging.getLogger(__name__)

BUDGET_S = 20.0
"""A job is short; a pass that takes longer goes on in another job."""


def run(work: Work, shop_id: int, resume_from: str | None = None) -> None:
    """Reconcile the shop, or a part of it; `resume_from` is ISO 8601."""
    try:
        progress = reconcile_shop(
            work.parts,
            shop_id,
            resume_from=datetime.fromisoformat(resume_from) if resume_from else None,
            budget_s=BUDGET_S,
        )
    except (ShopifyUnavailable, ShopClosed, RefreshTokenLost) as error:
        # The next pass begins where this one was noted to be.
        logger.warning(
            "reconcile.put_off",
            extra={"fields": {"shop_id": shop_id, "error": type(error).__name__}},
        )
        return
    if progress.resume_from is not None:
        work.parts.jobs.enqueue(
            "reconcile_shop", shop_id=shop_id, resume_from=progress.resume_from.isoformat()
        )
