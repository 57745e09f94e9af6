"""What a benchmark's processes and PostgreSQL's backends take: processor time and memory."""

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg


def own_seconds() -> float:
    """Return the processor time of this process and of its children that ended."""
    usages = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def load() -> str:
    """Return how busy the machine is."""
    return "Load of the machine: {:.1f}, {:.1f}, {:.1f}.".format(*os.getloadavg())


@dataclass(slots=True)
class Watched:
    """The most memory that was seen at once, and the processor time of PostgreSQL's backends."""

    own_mb: float = 0.0
    server_mb: float = 0.0
    seconds_by_backend: dict[int, float] = field(default_factory=dict)

    @property
    def server_seconds(self) -> float:
        """The processor time of all backends."""
        return sum(self.seconds_by_backend.values())


@contextmanager
def watch(url: str) -> Iterator[Watched]:
    """Look at the processes of this database twice a second (Linux, a server on this machine).

    Looking more often would itself take a tenth of a processor, which counts as this process's own:
    the kernel walks all shared buffers to say what belongs to a backend alone.
    """
    watched, stopped = Watched(), threading.Event()
    connection = psycopg.connect(url, autocommit=True)
    backends = (
        "select pid from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and backend_type = 'client backend'"
    )

    def look() -> None:
        while not stopped.wait(0.5):
            pids = [pid for (pid,) in connection.execute(backends)]
            for pid in pids:
                watched.seconds_by_backend[pid] = _seconds(pid)
            watched.server_mb = max(watched.server_mb, sum(map(_private_mb, pids)))
            watched.own_mb = max(watched.own_mb, sum(map(_private_mb, _family())))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watched
    finally:
        stopped.set()
        thread.join()
        connection.close()


def _family() -> list[int]:
    """Return this process and its children."""
    own = os.getpid()
    children = Path(f"/proc/{own}/task").glob("*/children")
    return [own, *(int(pid) for file in children for pid in file.read_text().split())]


def _private_mb(pid: int) -> float:
    """Return the memory that belongs to a process alone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _seconds(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
