"""Has the ledger of every programme proved."""

from app.db.queries.work_waiting import all_programs
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the proofs."""
    with work.parts.database.sweep() as session:
        program_ids = all_programs(session)
    for program_id in program_ids:
        work.parts.jobs.enqueue("verify_ledger", program_id=program_id)
