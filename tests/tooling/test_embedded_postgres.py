"""The embedded PostgreSQL runs while it is used, and never longer."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from app.db.embedded_postgres import (
    EmbeddedPostgresError,
    _cluster_of,
    _is_free,
    embedded_postgres,
)

PROJECT = Path(__file__).resolve().parents[2]
USE = """
import pathlib, sys, time
sys.path.insert(0, sys.argv[1])
from app.db.embedded_postgres import embedded_postgres
with embedded_postgres(pathlib.Path(sys.argv[2])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    yield folder
    _remove_cluster(folder)


@contextlib.contextmanager
def another_process(project: Path):
    """A process that uses the server until its input ends."""
    command = [sys.executable, "-c", USE, str(PROJECT), str(project)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process


def test_data_outlives_the_server(project):
    with embedded_postgres(project) as url, psycopg.connect(url) as connection:
        connection.execute("create table kept (x int)")
        connection.execute("insert into kept values (42)")
    assert _is_free(_cluster_of(project).home / "supervisor")

    with embedded_postgres(project) as url, psycopg.connect(url) as connection:
        assert connection.execute("select x from kept").fetchone() == (42,)


def test_commits_are_durable_and_text_sorts_by_code_point(project):
    with embedded_postgres(project) as url, psycopg.connect(url) as connection:
        row = connection.execute(
            "select current_setting('fsync'), current_setting('synchronous_commit'),"
            " 'Z' < 'a' collate \"default\", lower('É')"
        ).fetchone()

    assert row == ("on", "on", True, "é")


def test_a_wrong_password_is_refused(project):
    with embedded_postgres(project) as url:
        password = _cluster_of(project).password.read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.replace(password, "wrong"))


def test_nothing_listens_on_the_network(project):
    with embedded_postgres(project) as url, psycopg.connect(url) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)


def test_the_server_outlives_the_process_that_started_it(project):
    with another_process(project) as starter, embedded_postgres(project) as url:
        starter.communicate()

        assert _answers(url)


def test_killing_the_only_user_stops_the_server(project):
    with another_process(project) as user:
        user.kill()

    _wait_until_stopped(project)


def test_a_crashed_server_is_started_again(project):
    with embedded_postgres(project) as url:
        before = _postmaster(project)
        os.kill(before, signal.SIGKILL)

        _wait_until(lambda: _answers(url) and _postmaster(project) != before)


def test_two_first_users_at_once_share_one_server(project):
    with another_process(project), another_process(project), embedded_postgres(project) as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("select pg_postmaster_start_time()").fetchone()

        with embedded_postgres(project) as same, psycopg.connect(same) as connection:
            assert connection.execute("select pg_postmaster_start_time()").fetchone() == row
        assert _answers(url)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ends children with their parent")
def test_killing_the_supervisor_stops_the_server(project):
    with embedded_postgres(project):
        os.kill(_parent_of(_postmaster(project)), signal.SIGKILL)

        _wait_until_stopped(project)


def test_a_project_without_its_private_folder_begins_anew(project):
    with embedded_postgres(project) as url, psycopg.connect(url) as connection:
        connection.execute("create table gone (x int)")
    shutil.rmtree(project / ".data")

    with embedded_postgres(project) as url, psycopg.connect(url) as connection:
        assert connection.execute("select to_regclass('gone')").fetchone() == (None,)


def test_a_long_path_still_gives_a_short_socket(tmp_path):
    deep = tmp_path / ("long-" * 20) / ("longer-" * 15)
    deep.mkdir(parents=True)
    try:
        with embedded_postgres(deep) as url:
            assert len(bytes(_cluster_of(deep).sockets / ".s.PGSQL.5432")) <= 103
            assert _answers(url)
    finally:
        _remove_cluster(deep)


def test_existing_folders_keep_their_rights(tmp_path):
    project = tmp_path / "home" / "project"
    project.mkdir(parents=True)
    folders = (project.parent, project)
    for folder in folders:
        folder.chmod(0o700)
    try:
        with embedded_postgres(project) as url:
            assert _answers(url)
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]
    finally:
        _remove_cluster(project)


def test_a_setting_that_postgresql_refuses_fails_with_where_to_look(tmp_path):
    try:
        with (
            pytest.raises(EmbeddedPostgresError, match=r"postgres\.log says why"),
            embedded_postgres(tmp_path, no_such_setting="1"),
        ):
            pass
    finally:
        _remove_cluster(tmp_path)


def _answers(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2).close()
        return True
    return False


def _postmaster(project: Path) -> int:
    return int((_cluster_of(project).data / "postmaster.pid").read_text().split()[0])


def _parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _wait_until(true, seconds_max: float = 60.0) -> None:
    deadline = time.monotonic() + seconds_max
    while True:
        with contextlib.suppress(FileNotFoundError, IndexError):
            if true():
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _wait_until_stopped(project: Path) -> None:
    cluster = _cluster_of(project)
    _wait_until(lambda: not (cluster.data / "postmaster.pid").exists())
    _wait_until(lambda: _is_free(cluster.home / "supervisor"))


def _remove_cluster(project: Path) -> None:
    cluster = _cluster_of(project)
    for folder in (cluster.home, cluster.sockets):
        shutil.rmtree(folder, ignore_errors=True)
