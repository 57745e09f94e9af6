"""Finds redemptions that wait for a job: left open half-way, being taken back, or lapsed."""

from app.clock import utc_now
from app.db.queries.work_waiting import (
    programs_with_lapsed_redemptions,
    shops_with_unsettled_redemptions,
)
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue what has to be done."""
    now = utc_now()
    with work.parts.database.sweep() as session:
        lapsed = programs_with_lapsed_redemptions(session, now)
        unsettled = shops_with_unsettled_redemptions(session, now)
    for program_id in lapsed:
        work.parts.jobs.enqueue("lapse_redemptions", program_id=program_id)
    for shop_id in unsettled:
        work.parts.jobs.enqueue("settle_held_redemptions", shop_id=shop_id)
