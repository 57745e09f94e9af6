"""Gates: what a fake answers waits at one until the test opens it."""

from threading import Event

GATE_SECONDS_MAX = 60
"""After which a gate that no test opened lets everything through."""


def open_gate() -> Event:
    """Return a gate that lets everything through until it is closed with `clear`."""
    gate = Event()
    gate.set()
    return gate
