"""Gives the points of codes that lapsed unused back."""

from app.flows.lapse_redemptions import lapse_redemptions
from app.jobs.work import Work

PRIORITY = 5


def run(work: Work, program_id: int) -> None:
    """Lapse the programme's."""
    lapse_redemptions(work.parts, program_id)
