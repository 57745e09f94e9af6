"""Finds points that have come due: they mature or expire."""

from app.clock import utc_now
from app.db.queries.work_waiting import programs_with_due_points
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue what has to be done."""
    with work.parts.database.sweep() as session:
        due = programs_with_due_points(session, utc_now())
    for program_id in due:
        work.parts.jobs.enqueue("mature_and_expire", program_id=program_id)
