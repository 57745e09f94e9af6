"""Fetches orders whose webhook did not tell their state, and takes them in."""

from procrastinate import RetryStrategy

from app.flows.reconcile import take_in
from app.jobs.work import Work

RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)
PRIORITY = 6


def run(work: Work, shop_id: int, order_ids: list[int]) -> None:
    """Fetch and award them."""
    take_in(work.parts, shop_id, order_ids)
