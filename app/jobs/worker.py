"""The worker: Procrastinate with the app's tasks, on the app's own database."""

import asyncio
import inspect
import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import procrastinate

from app import clock
from app.container import Container
from app.jobs.schedule import ON_CLOCK_JUMP, SCHEDULE
from app.jobs.tasks import tasks
from app.jobs.work import Work

logger = logging.getLogger(__name__)

CONCURRENCY = 4
HEARTBEAT_S = 5
STALLED_S = 20
"""A worker that was silent for so long is taken for dead: its jobs run again."""
RESTART_S = 1.0
"""How long to wait for a database that went away."""


class Worker:
    """Runs jobs until a signal; a job that runs then is finished first."""

    def __init__(
        self, parts: Container, drain: Callable[[int], int], erase: Callable[[int], int]
    ) -> None:
        self._parts = parts
        self._queue = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=parts.database.conninfo("app"), min_size=1, max_size=4
            )
        )
        self.work = Work(parts=parts, drain=drain, erase=erase, queue=self._queue)
        for name, module in tasks().items():
            _register(self._queue, self.work, name, module)

    def run(self, *, wait: bool = True) -> None:
        """Run jobs until SIGTERM or SIGINT; with `wait` False, return when no job is due.

        A job that runs at the signal is finished first. When the database goes away, the worker
        waits for it to come back.
        """
        clock_url = self._parts.settings.clock_url
        if clock_url is not None:
            clock.follow(clock_url, self._wake_for_the_clock)
        asyncio.run(self._run_until_signal() if wait else self._run_until_idle())

    async def _run_until_signal(self) -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        stop = asyncio.create_task(stopping.wait())
        while not stopping.is_set():
            working = asyncio.create_task(self._run_forever())
            await asyncio.wait({working, stop}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.is_set():
                # Procrastinate takes it as the wish to stop, and finishes what runs.
                working.cancel()
                await asyncio.wait({working})
            else:
                # It never ends by itself but when it loses the database.
                error = working.exception()
                logger.warning("worker.interrupted", exc_info=error)
                await asyncio.wait({stop}, timeout=RESTART_S)

    async def _run_until_idle(self) -> None:
        async with self._queue.open_async():
            # A job that ends last may enqueue others after the worker looked for more; those that
            # a run left (their lock is taken) would be left by the next one too.
            left: set[int | None] = set()
            while (due := await self._due_jobs()) - left:
                left = due
                await self._run_jobs(wait=False)

    async def _due_jobs(self) -> set[int | None]:
        now = datetime.now(UTC)
        jobs = await self._queue.job_manager.list_jobs_async(status="todo")
        return {job.id for job in jobs if job.scheduled_at is None or job.scheduled_at <= now}

    async def _run_forever(self) -> None:
        async with self._queue.open_async():
            await self._run_jobs(wait=True)

    async def _run_jobs(self, *, wait: bool) -> None:
        await self._queue.run_worker_async(
            wait=wait,
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    def _wake_for_the_clock(self) -> None:
        for name in ON_CLOCK_JUMP:
            try:
                self._parts.jobs.enqueue(name)
            except Exception:
                logger.exception("clock.wake_failed", extra={"fields": {"task": name}})


def _register(queue: procrastinate.App, work: Work, name: str, module: ModuleType) -> None:
    # A periodic job is told for when it was due, which none of the tasks needs.
    if inspect.iscoroutinefunction(module.run):

        async def run_async(timestamp: int | None = None, **args: Any) -> None:  # noqa: ANN401
            await module.run(work, **args)

        runs: Callable[..., Any] = run_async
    else:

        def run(timestamp: int | None = None, **args: Any) -> None:  # noqa: ANN401
            module.run(work, **args)

        runs = run
    task = queue.task(
        name=name,
        retry=getattr(module, "RETRY", False),
        priority=getattr(module, "PRIORITY", 0),
    )(runs)
    cron = SCHEDULE.get(name)
    if cron is not None:
        queue.periodic(cron=cron, queueing_lock=f"{name}:{{}}")(task)
