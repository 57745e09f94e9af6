"""Child processes end with the one that started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.development.processes import (
    ProcessEnded,
    Processes,
    StopRequestedError,
    processes,
    stop_requests,
)

PROJECT = Path(__file__).resolve().parents[2]
WAIT_S = 30
SLEEP = [sys.executable, "-c", "import time; print('sleeping', flush=True); time.sleep(600)"]
PARENT = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from app.development.processes import processes
with processes(Path(sys.argv[2]), os.environ) as group:
    group.start("child", [sys.executable, "-c", "import os; print(os.getpid(), flush=True);"
                          "import time; time.sleep(600)"])
    print("up", flush=True)
    time.sleep(600)
"""


def test_leaving_stops_every_process(tmp_path):
    with processes(tmp_path, os.environ) as group:
        group.start("first", SLEEP)
        group.start("second", SLEEP)
        running = list(group._running.values())

    assert [process.poll() is not None for process in running] == [True, True]


def test_a_process_that_ends_is_told_with_its_last_lines(tmp_path):
    with processes(tmp_path, os.environ) as group:
        group.start("worker", [sys.executable, "-c", "print('out of tea'); raise SystemExit(3)"])

        with pytest.raises(ProcessEnded, match="out of tea\nThe worker ended"):
            group.watch()


def test_a_process_that_does_not_listen_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("app.development.processes.STOP_SECONDS_MAX", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    group = Processes(tmp_path, os.environ)
    group.start("deaf", [sys.executable, "-c", f"{deaf}; print('deaf', flush=True); time.sleep(9)"])
    _wait_for_text(tmp_path / "deaf.log", "deaf")
    process = group._running["deaf"]

    group.stop()

    assert process.returncode == -signal.SIGKILL


def test_a_request_to_end_is_raised_once():
    with pytest.raises(StopRequestedError), stop_requests():
        signal.raise_signal(signal.SIGTERM)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ends children with their parent")
def test_killing_the_parent_ends_its_children(tmp_path):
    command = [sys.executable, "-c", PARENT, str(PROJECT), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        child = int(_wait_for_text(tmp_path / "child.log", "\n"))
        parent.kill()

    deadline = time.monotonic() + WAIT_S
    while _lives(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _wait_for_text(log: Path, text: str) -> str:
    deadline = time.monotonic() + WAIT_S
    while text not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return log.read_text()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
