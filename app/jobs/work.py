"""What tasks are given, and what a task file gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import procrastinate

from app.container import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The parts of the app that tasks call; bootstrap fills it."""

    parts: Container
    drain: Callable[[int], int]
    """Handles what waits in a shop's inbox (webhooks.drain)."""
    erase: Callable[[int], int]
    """Empties what a shop's inbox tells of redacted customers (webhooks.erasing)."""
    queue: procrastinate.App


class Task(Protocol):
    """A module of app.jobs.tasks; the task is named as the module.

    It may set RETRY (a Procrastinate retry strategy) and PRIORITY (higher runs first). A task is
    short, and doing it twice does no harm.
    """

    run: Callable[..., None]
    """Called with the Work and the job's arguments."""
