"""Removes jobs that failed long ago; those that succeeded are removed at once."""

from app.jobs.work import Work

KEPT_HOURS = 30 * 24


async def run(work: Work) -> None:
    """Remove them."""
    await work.queue.job_manager.delete_old_jobs(
        KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
