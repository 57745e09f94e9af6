"""Has the tiers of every programme revised: time alone can move a member down."""

from app.db.queries.work_waiting import all_programs
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the revisions."""
    with work.parts.database.sweep() as session:
        program_ids = all_programs(session)
    for program_id in program_ids:
        work.parts.jobs.enqueue("revise_tiers", program_id=program_id)
