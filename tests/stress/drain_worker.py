"""A worker process that drains one shop until it is stopped or killed."""

import os
import random
import signal
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

import webhooks.drain
from app.container import Container
from app.db.session import Database
from app.settings import Settings
from app.shopify.gateway import connect_shopify
from tests.fixtures.webhooks import NOW

# Workers start at once, from a process that has everything imported and no threads.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


class NoJobs:
    """Takes jobs and does nothing with them: the workers look for themselves."""

    def enqueue(self, name: str, session: Any = None, **args: Any) -> None:
        """Forget the job."""

    def enqueue_soon(self, name: str, **args: Any) -> None:
        """Forget the job."""


def drain_for_ever(settings: Settings, shop_id: int) -> None:
    """Drain what is there, again and again."""
    webhooks.drain.utc_now = lambda: NOW
    parts = Container(
        settings=settings,
        database=Database(settings.database_url, pool_size=2),
        jobs=NoJobs(),
        shopify=connect_shopify(settings),
    )
    drain = webhooks.drain.Drain(parts)
    while True:
        if not drain(shop_id):
            time.sleep(0.02)


@dataclass(slots=True)
class Workers:
    """Some workers on one shop; who is killed is replaced."""

    settings: Settings
    shop_id: int
    count: int
    running: list[BaseProcess] = field(default_factory=list)

    def __enter__(self) -> "Workers":
        self.running += [self._start() for _ in range(self.count)]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.running:
            worker.kill()
        for worker in self.running:
            worker.join()

    def kill_one(self, rng: random.Random) -> None:
        """Kill a worker in the middle of whatever it does, and start another."""
        killed = self.running.pop(rng.randrange(len(self.running)))
        assert killed.pid is not None
        os.kill(killed.pid, signal.SIGKILL)
        killed.join()
        self.running.append(self._start())

    def _start(self) -> BaseProcess:
        worker = PROCESSES.Process(
            target=drain_for_ever, args=(self.settings, self.shop_id), daemon=True
        )
        worker.start()
        return worker
