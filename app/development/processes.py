"""Child processes that start one after the other and stop together, however this one ends."""

import contextlib
import ctypes
import functools
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS_MAX = 15.0
PR_SET_PDEATHSIG = 1
LINES_SHOWN = 15


class ProcessEnded(Exception):
    """A process that has to run on has ended."""

    def __init__(self, name: str, log: Path) -> None:
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        super().__init__("\n".join([*lines, f"The {name} ended; the lines above say why ({log})."]))


class StopRequestedError(BaseException):
    """Someone pressed Ctrl-C or asked this process to end."""


@dataclass
class Processes:
    """The processes started so far, each with a log file of its own."""

    logs: Path
    environment: Mapping[str, str]
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start `command`; what it writes goes to its log."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self._log(name).open("wb") as log:
            self._running[name] = _spawn(command, self.environment, log.fileno())

    def run(self, command: Sequence[str]) -> int:
        """Run `command` to its end in this terminal and return its exit code."""
        name = "command"
        self._running[name] = _spawn(command, self.environment, None)
        code = self._running[name].wait()
        del self._running[name]
        return code

    def check(self) -> None:
        """Raise ProcessEnded when one has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ProcessEnded(name, self._log(name))

    def watch(self) -> None:
        """Return never: raise ProcessEnded once one ends."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask the processes to end, the last started first; end those that do not listen."""
        for process in reversed(self._running.values()):
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for process in reversed(self._running.values()):
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _log(self, name: str) -> Path:
        return self.logs / f"{name.replace(' ', '-')}.log"


@contextlib.contextmanager
def processes(logs: Path, environment: Mapping[str, str]) -> Iterator[Processes]:
    """Yield a group of processes that are stopped on leaving."""
    group = Processes(logs, environment)
    try:
        yield group
    finally:
        with _signals_ignored():
            group.stop()


@contextlib.contextmanager
def stop_requests() -> Iterator[None]:
    """Turn the first Ctrl-C, hang-up or request to end into one StopRequestedError."""

    def stop(*_: object) -> None:
        for name in _STOP_SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        raise StopRequestedError

    before = {name: signal.signal(name, stop) for name in _STOP_SIGNALS}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def _signals_ignored() -> Iterator[None]:
    before = {name: signal.signal(name, signal.SIG_IGN) for name in _STOP_SIGNALS}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _spawn(
    command: Sequence[str], environment: Mapping[str, str], output: int | None
) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches only us, and we stop the children in order.
    return subprocess.Popen(  # noqa: S603
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_stop_with_parent if sys.platform == "linux" else None,
    )


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _stop_with_parent() -> None:
    # Runs in the child: should we be killed outright, it is asked to end.
    _libc().prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
