"""Gives the points of codes that lapsed unused back."""

from app.flows.lapse_redemptions import lapse_redemptions
from app.jobs.shopify_away import put_off_without_shopify
from app.jobs.work import Work

PRIORITY = 5


def run(work: Work, program_id: int) -> None:
    """Lapse the programme's."""
    with put_off_without_shopify("lapse_redemptions"):
        lapse_redemptions(work.parts, program_id)
