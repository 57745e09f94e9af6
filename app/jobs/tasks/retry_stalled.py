"""Runs the jobs of workers that died again: Procrastinate does not do so by itself."""

import logging

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from app.jobs.work import Work

logger = logging.getLogger(__name__)

SILENT_S = 20
"""A worker that was silent for so long is taken for dead."""


async def run(work: Work) -> None:
    """Put every job whose worker has been silent back into the queue."""
    manager = work.queue.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_S):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # The same job was enqueued again in the meantime: one is enough.
            await manager.finish_job(job, Status.FAILED, delete_job=True)
        logger.warning("job.stalled", extra={"fields": {"task": job.task_name, "job_id": job.id}})
