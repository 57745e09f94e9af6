"""What a benchmark's processes and PostgreSQL's backends take: processor time and memory."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg


def own_seconds() -> float:
    """Return the processor time of this process and of its children that ended."""
    usages = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def server_seconds() -> float:
    """Return the processor time of all PostgreSQL processes of this machine (Linux; else 0).

    What of them ended counts as its parent's children, or it would be missing the second time.
    """
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(") ")
        except OSError:
            continue
        if name.endswith("(postgres"):
            ticks += sum(int(field) for field in rest.split()[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def load() -> str:
    """Return how busy the machine is."""
    return "Load of the machine: {:.1f}, {:.1f}, {:.1f}.".format(*os.getloadavg())


@dataclass(slots=True)
class Watched:
    """The most memory that was seen at once, and the processor time of PostgreSQL's backends."""

    own_mb: float = 0.0
    server_mb: float = 0.0
    seconds_by_backend: dict[int, float] = field(default_factory=dict)
    watching_seconds: float = 0.0
    """Processor time of the watching itself, which `own_seconds` counts as a child's."""

    @property
    def server_seconds(self) -> float:
        """The processor time of all backends."""
        return sum(self.seconds_by_backend.values())


@contextmanager
def watch(url: str) -> Iterator[Watched]:
    """Look at the processes of this database twice a second (Linux, a server on this machine).

    What was seen is told when the block is left. A process of its own looks: with a thread beside
    it, what is watched would not start others as it does by itself. Looking more often would take
    a tenth of a processor: the kernel walks all shared buffers to say what belongs to a backend alone.
    """
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_look, args=(url, os.getpid(), theirs))
    process.start()
    ours.recv()
    watched = Watched()
    try:
        yield watched
    finally:
        ours.send(None)
        for name, seen in asdict(ours.recv()).items():
            setattr(watched, name, seen)
        process.join()


def _look(url: str, watched_pid: int, pipe: Connection) -> None:
    """Look until something is sent, then answer what was seen."""
    watched = Watched()
    backends = (
        "select pid from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and backend_type = 'client backend'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        pipe.send(None)
        while not pipe.poll(0.5):
            pids = [pid for (pid,) in connection.execute(backends)]
            for pid in pids:
                watched.seconds_by_backend[pid] = _seconds(pid)
            watched.server_mb = max(watched.server_mb, sum(map(_private_mb, pids)))
            watched.own_mb = max(watched.own_mb, sum(map(_private_mb, _family(watched_pid))))
    watched.watching_seconds = time.process_time()
    pipe.send(watched)


def _family(pid: int) -> list[int]:
    """Return a process and its children, without this one."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    family = [pid, *(int(child) for file in children for child in file.read_text().split())]
    return [member for member in family if member != os.getpid()]


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
