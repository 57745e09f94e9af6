"""Jobs that many callers need are enqueued once for all of them, off their path."""

import queue
import threading

import pytest

from app.jobs.soon import SoonEnqueued

WAIT_S = 30


class Pauses:
    """Lets the thread go on only when it is told to."""

    def __init__(self):
        self._reached = threading.Semaphore(0)
        self._over = threading.Semaphore(0)

    def __call__(self):
        self._reached.release()
        self._over.acquire()

    def wait_for_one(self):
        assert self._reached.acquire(timeout=WAIT_S)

    def end(self):
        self._over.release()


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def enqueued():
    return queue.Queue()


@pytest.fixture
def soon(enqueued, pauses):
    return SoonEnqueued(lambda name, **args: enqueued.put((name, args)), pause=pauses)


def test_the_first_is_enqueued_at_once(soon, enqueued):
    soon.note("push:7", "push", {"program_id": 7})

    assert enqueued.get(timeout=WAIT_S) == ("push", {"program_id": 7})


def test_those_noted_within_a_pause_are_enqueued_once_after_it(soon, enqueued, pauses):
    soon.note("push:7", "push", {"program_id": 7})
    pauses.wait_for_one()
    for _ in range(3):
        soon.note("push:7", "push", {"program_id": 7})
        soon.note("push:8", "push", {"program_id": 8})
    assert enqueued.qsize() == 1

    pauses.end()
    pauses.wait_for_one()

    told = [enqueued.get_nowait() for _ in range(3)]
    assert [args["program_id"] for _, args in told] == [7, 7, 8]
    assert enqueued.empty()


def test_one_that_cannot_be_enqueued_does_not_keep_others_from_it(pauses):
    enqueued = queue.Queue()

    def enqueue(name, **args):
        if name == "broken":
            raise LookupError
        enqueued.put(name)

    soon = SoonEnqueued(enqueue, pause=pauses)
    soon.note("broken", "broken", {})
    soon.note("whole", "whole", {})
    pauses.end()

    assert enqueued.get(timeout=WAIT_S) == "whole"
