"""Reads a shop's past orders."""

from app.flows.read_history import read_history
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

BUDGET_S = 20.0
"""A job is short; what takes longer goes on in another job."""


def run(work: Work, shop_id: int) -> None:
    """Go on with the reading; where Shopify is away, the sweep comes back to it."""
    left = False
    with put_off_without_shopify("read_history"):
        left = read_history(work.parts, shop_id, budget_s=BUDGET_S)
    if left:
        work.parts.jobs.enqueue("read_history", shop_id=shop_id)
