"""Finds what has come due: points that mature or expire, codes that lapse, holds left open."""

from datetime import timedelta

from app.clock import utc_now
from app.db.queries.work_waiting import (
    programs_with_due_points,
    programs_with_lapsed_codes,
    shops_with_old_holds,
)
from app.jobs.work import Work

HOLD_AGE = timedelta(seconds=60)
"""A redemption that is held for longer was cut off half-way."""


def run(work: Work) -> None:
    """Enqueue what has to be done."""
    now = utc_now()
    with work.parts.database.sweep() as session:
        due = programs_with_due_points(session, now)
        lapsed = programs_with_lapsed_codes(session, now)
        held = shops_with_old_holds(session, now - HOLD_AGE)
    jobs = work.parts.jobs
    for program_id in due:
        jobs.enqueue("mature_and_expire", program_id=program_id)
    for program_id in lapsed:
        jobs.enqueue("lapse_redemptions", program_id=program_id)
    for shop_id in held:
        jobs.enqueue("settle_held_redemptions", shop_id=shop_id)
