"""A switch that lets the next Admin calls fail, before or after they took effect."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

KINDS = (
    "before",
    "after",
    "timeout",
    "timeout_before",
    "late",
    "throttled",
    "429",
    "500",
    "500_after",
    "cut",
    "cut_after",
)
EFFECTLESS = frozenset({"before", "timeout_before", "throttled", "429", "500", "cut"})
"""Nothing happens; after the others the call has taken effect, and only its answer is lost."""


@dataclass(frozen=True)
class Fault:
    """After `skip` more, `count` calls of an operation (its name, a root field, or *) fail.

    before: 503 and nothing happened; after: it happened, then 503. 500 and 500_after: the same
    with a GraphQL internal error. cut and cut_after: the same with the connection cut. timeout: it
    happened, and the answer is held back for `seconds`; timeout_before: a 503 is held back, and
    nothing happened; late: it happens only after `seconds`. throttled: THROTTLED at 200; 429: too many requests.
    """

    operation: str
    kind: str
    count: int = 1
    seconds: float = 30.0
    skip: int = 0

    @property
    def takes_effect(self) -> bool:
        """Whether the call does what it asks for before it fails."""
        return self.kind not in EFFECTLESS

    def meets(self, names: set[str]) -> bool:
        """Return whether a call with these names is one of its operation's."""
        return self.operation == "*" or self.operation in names

    def passed_by(self) -> "Fault | None":
        """Return what is left of it after a call that it meets."""
        if self.skip:
            return replace(self, skip=self.skip - 1)
        return replace(self, count=self.count - 1) if self.count > 1 else None


class Faults:
    """The faults that are waiting."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._held_back = 0
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its calls."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        """Return the faults that have not been used up."""
        with self._lock:
            return list(self._waiting)

    @contextmanager
    def held_back_call(self, fault: Fault) -> Iterator[None]:
        """Let a call wait for as long as its fault says; it counts as held back to its end."""
        with self._lock:
            self._held_back += 1
        try:
            time.sleep(fault.seconds)
            yield
        finally:
            with self._lock:
                self._held_back -= 1

    def held_back(self) -> int:
        """Return how many calls have yet to take effect late."""
        with self._lock:
            return self._held_back

    def take(self, names: set[str]) -> Fault | None:
        """Return the fault that meets a call with these names, using it up by one."""
        with self._lock:
            met = [fault for fault in self._waiting if fault.meets(names)]
            striking = next((fault for fault in met if not fault.skip), None)
            # Those that skip count the call; of those that strike only the first is used up.
            left = [
                fault.passed_by() if fault is striking or (fault.skip and fault in met) else fault
                for fault in self._waiting
            ]
            self._waiting = [fault for fault in left if fault is not None]
        return striking


def add_fault_routes(routes: Blueprint, faults: Faults) -> None:
    """Add `/admin/faults`: GET lists, POST adds, DELETE clears; and how many calls are held back."""

    @routes.get("/admin/faults/held-back")
    def count_held_back() -> ResponseReturnValue:
        return jsonify(calls=faults.held_back())

    @routes.get("/admin/faults")
    def list_faults() -> ResponseReturnValue:
        return jsonify([vars(fault) for fault in faults.waiting()])

    @routes.post("/admin/faults")
    def add_fault() -> ResponseReturnValue:
        given: dict[str, Any] = request.get_json(silent=True) or request.form.to_dict()
        if given.get("kind") not in KINDS:
            return jsonify(error=f"kind is one of {', '.join(KINDS)}"), 422
        fault = Fault(
            str(given.get("operation", "*")),
            str(given["kind"]),
            int(given.get("count", 1)),
            float(given.get("seconds", 30)),
            int(given.get("skip", 0)),
        )
        faults.add(fault)
        return jsonify(vars(fault)), 201

    @routes.delete("/admin/faults")
    def clear_faults() -> ResponseReturnValue:
        faults.clear()
        return "", 204
