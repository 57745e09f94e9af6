"""Enqueues jobs off the path of whoever needs them, each once a second at most."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from app.container import JobArg

logger = logging.getLogger(__name__)

PAUSE_S = 1.0


class SoonEnqueued:
    """Notes jobs, and has a thread enqueue them: at once, then those noted within a pause together.

    Noting costs next to nothing, and a job that a hundred callers need is enqueued once. What is
    lost here, because the process was killed or the database refused, has to be found by a sweep.
    """

    def __init__(
        self,
        enqueue: Callable[..., None],
        *,
        pause: Callable[[], None] = lambda: time.sleep(PAUSE_S),
    ) -> None:
        self._enqueue = enqueue
        self._pause = pause
        self._noted: dict[str, tuple[str, dict[str, JobArg]]] = {}
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, key: str, name: str, args: dict[str, JobArg]) -> None:
        """Have the job enqueued soon, once for each `key`; it finds what is committed by now."""
        with self._lock:
            self._noted[key] = (name, args)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jobs-soon", daemon=True)
                self._thread.start()
        self._something.set()

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            with self._lock:
                noted, self._noted = self._noted, {}
            for name, args in noted.values():
                self._try(name, args)
            self._pause()

    def _try(self, name: str, args: dict[str, Any]) -> None:
        try:
            self._enqueue(name, **args)
        except Exception:
            logger.exception("jobs.not_enqueued_soon", extra={"fields": {"task": name}})
