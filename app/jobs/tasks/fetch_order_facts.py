"""Fetches the facts that a shop's orders wait for."""

from app.flows.fetch_order_facts import fetch_order_facts
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

BUDGET_S = 4.0
PRIORITY = 6


def run(work: Work, shop_id: int) -> None:
    """Fetch and award; what is left after four seconds is enqueued."""
    left = False
    # The sweep comes back to orders that still wait.
    with put_off_without_shopify("fetch_order_facts"):
        left = fetch_order_facts(work.parts, shop_id, budget_s=BUDGET_S)
    if left:
        work.parts.jobs.enqueue("fetch_order_facts", shop_id=shop_id)
