"""Handles the webhooks that wait in a shop's inbox."""

from app.jobs.work import Work

PRIORITY = 10


def run(work: Work, shop_id: int) -> None:
    """Drain the shop's inbox."""
    work.drain(shop_id)
