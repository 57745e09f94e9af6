"""Enqueues jobs by name on Procrastinate, inside the caller's transaction where there is one."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from app.container import JobArg
from app.db.session import Database, Tenant
from app.db.wire import driver_of
from app.jobs.soon import SoonEnqueued


class ProcrastinateJobs:
    """The jobs port (app.container.Jobs) of web and worker processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # It is never opened: every job is deferred on a connection of ours.
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        self._soon = SoonEnqueued(self.enqueue)

    def enqueue(self, name: str, session: Session | None = None, **args: JobArg) -> None:
        """Enqueue the job `name`; see app.container.Jobs."""
        if session is None:
            with self._database.tenant(Tenant()) as own:
                self._defer(name, own, args)
        else:
            self._defer(name, session, args)

    def enqueue_soon(self, name: str, **args: JobArg) -> None:
        """Enqueue the job `name` within about a second; see app.container.Jobs."""
        self._soon.note(queueing_lock(name, args), name, args)

    def _defer(self, name: str, session: Session, args: Mapping[str, JobArg]) -> None:
        # A conflict with the job that waits already aborts the savepoint only. The session makes it
        # when it is asked for the connection, so that has to be inside.
        try:
            with session.begin_nested():
                connection = driver_of(session)
                job = self._app.configure_task(
                    name, connection=connection, queueing_lock=queueing_lock(name, args)
                )
                job.defer(**cast("dict[str, Any]", args))
        except AlreadyEnqueued:
            return


def queueing_lock(name: str, args: Mapping[str, JobArg]) -> str:
    """Return what two jobs share exactly when they have the same name and arguments."""
    told = json.dumps(args, sort_keys=True, separators=(",", ":"))
    if len(told) > 60:
        told = hashlib.sha256(told.encode()).hexdigest()
    return f"{name}:{told}"
