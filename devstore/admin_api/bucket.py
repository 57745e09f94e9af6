"""The leaky bucket of query cost that every shop grants an app."""

import threading
import time
from collections.abc import Callable
from typing import Any

# Points restored a second by plan; the bucket holds twenty times as much.
RESTORE_RATES = {"Basic": 100, "Grow": 100, "Advanced": 200, "Plus": 1000}
SECONDS_HELD = 20


class CostBucket:
    """What one app may still spend at one shop."""

    def __init__(self, plan: str, timer: Callable[[], float] = time.monotonic) -> None:
        self.restore_rate = float(RESTORE_RATES[plan])
        self.maximum = self.restore_rate * SECONDS_HELD
        self._available = self.maximum
        self._timer = timer
        self._seen_at = timer()
        self._lock = threading.Lock()

    def take(self, cost: int) -> bool:
        """Take points if there are enough; a bucket is never overdrawn."""
        with self._lock:
            self._restore()
            if cost > self._available:
                return False
            self._available -= cost
            return True

    def give_back(self, cost: int) -> None:
        """Give back what a query asked for and did not need."""
        with self._lock:
            self._available = min(self.maximum, self._available + cost)

    def drain(self) -> None:
        """Empty the bucket, as other calls of the app would."""
        with self._lock:
            self._restore()
            self._available = 0.0

    def status(self) -> dict[str, Any]:
        """Return `throttleStatus` as Shopify writes it."""
        with self._lock:
            self._restore()
            return {
                "maximumAvailable": self.maximum,
                "currentlyAvailable": int(self._available),
                "restoreRate": self.restore_rate,
            }

    def _restore(self) -> None:
        now = self._timer()
        restored = self._available + (now - self._seen_at) * self.restore_rate
        self._available = min(self.maximum, restored)
        self._seen_at = now
