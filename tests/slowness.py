"""Slow machines and networks: with `--slow SEED`, pages and fakes take their time, at random.

What a page shows must not hang on which of two answers is first, nor a test on what was there
already. Latency and a slower processor are a page's own; a fake answers late now and then.
"""

import os
import time
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from playwright.sync_api import Page

PROCESSORS = (1, 3, 6)
"""How many times slower than this machine's."""
LATENCIES_MS = (0, 60, 300)
PAUSES_S = ((0.0, 0.0), (0.0, 0.3), (0.3, 1.2))
"""From, to; each as likely as the others."""


class Slowness:
    """Nothing is slow until it is given a seed."""

    def __init__(self) -> None:
        self._chance: Random | None = None

    def begin(self, seed: int) -> None:
        """Be slow from now on, as `seed` has it."""
        self._chance = Random(f"{seed} {os.environ.get('PYTEST_XDIST_WORKER')}")

    def slow_down(self, page: Page) -> None:
        """Give a page a slow processor and network."""
        if self._chance is None:
            return
        tools = page.context.new_cdp_session(page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": self._chance.choice(PROCESSORS)})
        network = {"downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
        latency = {"latency": self._chance.choice(LATENCIES_MS)}
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", network | latency)

    def answering(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Any]:
        """Return a WSGI application that answers late."""
        if self._chance is None:
            return application

        def late(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            self._pause()
            return application(environ, start_response)

        return late

    def _pause(self) -> None:
        assert self._chance is not None
        time.sleep(self._chance.uniform(*self._chance.choice(PAUSES_S)))


slowness = Slowness()
