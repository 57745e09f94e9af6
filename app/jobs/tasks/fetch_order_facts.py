"""Fetches the facts that a shop's orders wait for."""

import logging

from app.flows.fetch_order_facts import fetch_order_facts
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work
from app.shopify.errors import AccessDenied

logger = logging.getLogger(__name__)

BUDGET_S = 4.0
PRIORITY = 6


def run(work: Work, shop_id: int) -> None:
    """Fetch and award; what is left after four seconds is enqueued."""
    left = False
    # The sweep comes back to orders that still wait.
    try:
        with put_off_without_shopify("fetch_order_facts"):
            left = fetch_order_facts(work.parts, shop_id, budget_s=BUDGET_S)
    except AccessDenied as error:
        # The merchant has to grant read_products and read_customers; the orders wait till then.
        logger.warning("Facts of shop %s cannot be read: %s", shop_id, error)
    if left:
        work.parts.jobs.enqueue("fetch_order_facts", shop_id=shop_id)
