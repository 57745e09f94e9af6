"""The project's files: where they lie, and what none of them may name."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

FOLDERS = {
    ".ci",
    "app",
    "benchmarks",
    "devstore",
    "docs",
    "extensions",
    "migrations",
    "requirements",
    "script",
    "tests",
    "webhooks",
}

# Written apart, so that this file does not name them.
REGISTRY = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            "python" + "hosted",
            r"registry\." + "(npmjs|yarnpkg)",
            "npmjs" + r"\.(org|com)",
            r"deb\." + r"debian\.org",
            "index" + "-url",
            "find" + "-links",
        ]
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.<$}/])/(" + "|".join(["work", "farm", "root"]) + r")/\w")

LOCKS = ("requirements/base.txt", "requirements/demo.txt", "requirements/dev.txt")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that git keeps, and every one that it would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_top_level_folders_are_those_of_the_design(files):
    relative = [path.relative_to(PROJECT) for path in files]

    assert {path.parts[0] for path in relative if len(path.parts) > 1} <= FOLDERS


def test_no_file_names_a_registry(files):
    assert _lines_with(REGISTRY, files) == []


def test_no_file_names_a_path_of_one_machine(files):
    assert _lines_with(MACHINE_PATH, files) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(name):
    entries = re.split(r"\n(?=\S)", (PROJECT / name).read_text().strip())

    for entry in entries:
        assert re.match(r"[\w.\[\],-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_smaller_locks_are_parts_of_the_larger():
    base, demo, dev = (_locked(name) for name in LOCKS)

    assert base <= demo <= dev


def test_npm_packages_are_locked_without_their_address():
    lock = (PROJECT / "package-lock.json").read_text()

    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 50


def test_scripts_can_be_run(files):
    scripts = [path for path in files if path.parent in (PROJECT / "script", PROJECT / ".ci")]

    assert scripts
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []


def _locked(name: str) -> set[str]:
    text = (PROJECT / name).read_text()
    return set(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?(==\S+)", text, re.MULTILINE))


def _lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found = []
    for path in files:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:100]}")
    return found
