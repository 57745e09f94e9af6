"""Builds the extensions once, so that what is tested is what is served."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def node() -> str:
    """Return the Node of the virtual environment, else the system's."""
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    assert found, "Node is missing: run script/test, which installs it."
    return found


def run_node(script: str) -> subprocess.CompletedProcess[str]:
    """Run one of the project's scripts with Node."""
    return subprocess.run(
        [node(), script], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
    )


@cache
def build_extensions() -> None:
    """Run the build, once in a test run."""
    done = run_node("extensions/build.mjs")
    assert done.returncode == 0, done.stderr
