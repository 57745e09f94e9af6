"""Finishes redemptions that were cut off between holding the points and having the code."""

from app.flows.settle_held import settle_held_redemptions
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

PRIORITY = 8


def run(work: Work, shop_id: int) -> None:
    """Settle the shop's."""
    with put_off_without_shopify("settle_held_redemptions"):
        settle_held_redemptions(work.parts, shop_id)
