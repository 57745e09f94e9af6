"""A switch that lets the next Admin calls fail, before or after they took effect."""

import threading
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

KINDS = ("before", "after", "timeout", "throttled", "500")


@dataclass(frozen=True)
class Fault:
    """The next `count` calls of an operation (its name, a root field, or *) fail in one way.

    before: 503 and nothing happened; after: it happened, then 503; timeout: it happened, and the
    answer is held back for `seconds`; throttled: THROTTLED at 200; 500: a GraphQL internal error.
    """

    operation: str
    kind: str
    count: int = 1
    seconds: float = 30.0


class Faults:
    """The faults that are waiting."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
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

    def take(self, names: set[str]) -> Fault | None:
        """Return the fault that meets a call with these names, using it up by one."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.operation == "*" or fault.operation in names:
                    left = replace(fault, count=fault.count - 1)
                    self._waiting[place : place + 1] = [left] if left.count > 0 else []
                    return fault
        return None


def add_fault_routes(routes: Blueprint, faults: Faults) -> None:
    """Add `/admin/faults`: GET lists, POST adds, DELETE clears."""

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
        )
        faults.add(fault)
        return jsonify(vars(fault)), 201

    @routes.delete("/admin/faults")
    def clear_faults() -> ResponseReturnValue:
        faults.clear()
        return "", 204
