"""A progress bar on a terminal, and a line now and then elsewhere."""

import sys
import time
from typing import TextIO

WIDTH = 30


class Progress:
    """Says how far a count has come; on a terminal ten times a second at most."""

    def __init__(self, words: str, total: int, stream: TextIO = sys.stderr) -> None:
        self._words = words
        self._total = max(total, 1)
        self._stream = stream
        self._began = time.monotonic()
        self._every_s = 0.1 if stream.isatty() else 5.0
        self._said_at = self._began

    def show(self, done: int) -> None:
        """Say how many are done, unless it was said just now."""
        now = time.monotonic()
        if now - self._said_at >= self._every_s:
            self._said_at = now
            self._say(done, "\r" if self._stream.isatty() else "\n")

    def finish(self, done: int) -> None:
        """Say how it ended."""
        self._say(done, "\n")

    def _say(self, done: int, end: str) -> None:
        share = min(1.0, done / self._total)
        bar = "█" * round(WIDTH * share) + "·" * (WIDTH - round(WIDTH * share))
        seconds = max(time.monotonic() - self._began, 0.001)
        line = f"{self._words} {bar} {done:,}/{self._total:,} {done / seconds:,.0f}/s"
        print(line, end=end, file=self._stream, flush=True)
