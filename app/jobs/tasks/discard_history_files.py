"""Removes files of past orders whose reading was never finished on this machine."""

from app.jobs.work import Work
from app.shopify.bulk_file import discard_forgotten


def run(work: Work) -> None:
    """Remove them."""
    discard_forgotten()
