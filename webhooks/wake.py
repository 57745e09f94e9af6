"""Wakes the drain of shops that have something new, a few times a second at most."""

import logging
import threading
import time

from app.container import Jobs

logger = logging.getLogger(__name__)

PAUSE_S = 0.2


class DrainWaker:
    """Enqueues `drain_inbox` for shops, off the request's path.

    It costs a request next to nothing: shops that wait to be woken are only noted. What is
    missed here, because the process was killed or the database refused, is found by the sweep.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._noted: set[int] = set()
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self, shop_ids: set[int]) -> None:
        """Note that these shops have events waiting."""
        if shop_ids <= self._noted:
            return
        with self._lock:
            self._noted |= shop_ids
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="drain-waker", daemon=True)
                self._thread.start()
        self._something.set()

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            with self._lock:
                shop_ids, self._noted = self._noted, set()
            for shop_id in sorted(shop_ids):
                self._enqueue(shop_id)
            time.sleep(PAUSE_S)

    def _enqueue(self, shop_id: int) -> None:
        try:
            self._jobs.enqueue("drain_inbox", shop_id=shop_id)
        except Exception:
            logger.exception("drain.wake_failed", extra={"fields": {"shop_id": shop_id}})
