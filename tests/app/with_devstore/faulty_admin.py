"""An Admin API on whose way things go wrong: before a call takes effect, after, or before it does.

Every call reaches the development store over HTTP, or does not; nothing here waits, so what was
lost is lost at once, and what comes late comes when the story has got as far as the fault says.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import requests

from app.clock import utc_now
from app.domain.redemption_times import LATE_MAKE
from app.shopify.client import AdminApi
from app.shopify.operations import is_query

ANSWERS: dict[str, tuple[int, Any]] = {
    "503": (503, {}),
    "internal error": (200, {"errors": [{"extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}),
    "unreadable": (200, None),
    "throttled": (200, {"errors": [{"extensions": {"code": "THROTTLED"}}]}),
    "token rejected": (401, {}),
    "access denied": (403, {}),
    "shop closed": (402, {}),
    "refused": (200, {"errors": [{"extensions": {"code": "BAD_REQUEST"}}]}),
}
"""What Shopify says instead of doing it, or of telling that it did."""
LOST: dict[str, type[requests.RequestException]] = {
    "never reached": requests.ConnectTimeout,
    "cut": requests.ConnectionError,
    "timeout": requests.ReadTimeout,
}
"""What happens on the way instead."""
UNKNOWN = ("503", "cut", "internal error", "timeout", "unreadable")
"""What leaves the app in the dark, one way as good as the other: calls take turns at them."""
DEFINITE = (
    "never reached",
    "throttled",
    "token rejected",
    "access denied",
    "shop closed",
    "refused",
)
BRIEF = ("never reached", "throttled")
"""What is over at the next attempt, which the app makes of its own accord."""
LATE = (1, 2, None)
"""Before which of the next calls a late one takes effect; None: as late as Shopify ever would."""


class Killed(BaseException):
    """The app's process ends between two steps."""


@dataclass(frozen=True)
class Call:
    """What the app asked for; what only reads, or is `repeatable`, it asks for again by itself."""

    operation: str
    repeatable: bool


@dataclass(frozen=True)
class Strike:
    """The call at `position` (0: the first) fails in the way of `kind`.

    Nothing happens; or `after`: it took effect; or `late`: it takes effect when the app has given
    it up already. `brief`: only its first attempt fails.
    """

    position: int
    kind: str
    after: bool = False
    brief: bool = False
    late: int | None = 0

    @property
    def is_late(self) -> bool:
        """Whether the call takes effect after the app has given it up."""
        return self.late != 0


def strikes_at(position: int, call: Call) -> Iterator[Strike]:
    """Yield every way in which a call can fail; one that only reads has no effect to lose."""
    unknown, other = (UNKNOWN[(position + turn) % len(UNKNOWN)] for turn in (0, 2))
    yield from (Strike(position, kind) for kind in (*DEFINITE, unknown, "killed"))
    yield from (Strike(position, kind, brief=True) for kind in BRIEF)
    if call.repeatable:
        yield Strike(position, unknown, brief=True)
    if is_query(call.operation):
        return
    yield from (Strike(position, kind, after=True) for kind in (other, "killed"))
    yield from (Strike(position, "timeout", late=late) for late in LATE)
    if call.repeatable:
        yield Strike(position, other, after=True, brief=True)


@dataclass(frozen=True)
class Late:
    """A call that is still under way at Shopify."""

    before_call: int | None
    until: datetime
    send: Callable[[], object]


class FaultyAdmin(AdminApi):
    """Runs operations, notes them, and lets some fail."""

    def __init__(self, origin_template: str) -> None:
        super().__init__(origin_template, sleep=lambda _: None, jitter=lambda: 0.0)
        self.calls: list[Call] = []
        self._strikes: dict[int, Strike] = {}
        self._strike: Strike | None = None
        self._late: list[Late] = []
        self.is_away = False
        """Whether Shopify does not answer at all."""

    def begin(self, *strikes: Strike) -> None:
        """Count calls from 0, and let these fail."""
        self.calls = []
        self._strikes = {strike.position: strike for strike in strikes}

    def run(self, access: Any, operation: str, *args: Any, **more: Any) -> dict[str, Any]:
        """Run an operation as AdminApi does, or fail."""
        position = len(self.calls)
        self._take_effect(lambda late: late.before_call == position)
        self.calls.append(Call(operation, more.get("repeatable", False) or is_query(operation)))
        self._strike = strike = self._strikes.pop(position, None)
        dies = strike is not None and strike.kind == "killed"
        if dies and not strike.after:
            raise Killed
        answer = super().run(access, operation, *args, **more)
        if dies:
            raise Killed
        return answer

    def late_calls_take_effect(self, until: datetime) -> None:
        """Let Shopify do what it cannot put off until then."""
        self._take_effect(lambda late: late.until <= until)

    def _take_effect(self, is_due: Callable[[Late], bool]) -> None:
        due = [late for late in self._late if is_due(late)]
        self._late = [late for late in self._late if late not in due]
        for late in due:
            late.send()

    def _post(
        self, access: Any, operation: str, variables: dict[str, Any], deadline: float
    ) -> requests.Response:
        strike = Strike(0, "503") if self.is_away else self._strike
        if strike is None or strike.kind == "killed":
            return super()._post(access, operation, variables, deadline)
        if strike.brief:
            self._strike = None

        def send() -> requests.Response:
            # A call that Shopify has got is not subject to the app's patience any more.
            return super(FaultyAdmin, self)._post(
                access, operation, variables, time.monotonic() + 60
            )

        if strike.is_late:
            before = len(self.calls) - 1 + strike.late if strike.late else None
            self._late.append(Late(before, utc_now() + LATE_MAKE, send))
        elif strike.after:
            send()
        if strike.kind in LOST:
            raise LOST[strike.kind]
        return _answer(*ANSWERS[strike.kind], brief=strike.brief)


def _answer(status: int, body: Any, *, brief: bool) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    if body and not brief:
        # Nobody waits that long.
        cost = {"requestedQueryCost": 10_000, "throttleStatus": {"restoreRate": 1}}
        cost["throttleStatus"]["currentlyAvailable"] = 0
        body = body | {"extensions": {"cost": cost}}
    response._content = b"<html>" if body is None else orjson.dumps(body)
    return response
