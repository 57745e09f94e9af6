"""Jobs commit with the data that they are for, and wait once."""

import time

import pytest
from sqlalchemy import text

from app.db.session import Tenant
from app.jobs.port import queueing_lock


def test_a_job_is_enqueued_with_its_arguments(parts, waiting):
    parts.jobs.enqueue("drain_inbox", shop_id=7)

    assert waiting() == [("drain_inbox", {"shop_id": 7})]


def test_the_same_job_waits_once(parts, waiting):
    parts.jobs.enqueue("drain_inbox", shop_id=7)
    parts.jobs.enqueue("drain_inbox", shop_id=7)
    parts.jobs.enqueue("drain_inbox", shop_id=8)

    assert [args["shop_id"] for _, args in waiting()] == [7, 8]


def test_a_job_of_a_transaction_that_fails_is_not_enqueued(parts, waiting):
    def fail_after_enqueuing():
        with parts.database.tenant(Tenant()) as session:
            parts.jobs.enqueue("drain_inbox", session=session, shop_id=7)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_enqueuing()

    assert waiting() == []


def test_a_job_that_waits_already_leaves_the_transaction_usable(parts, waiting):
    parts.jobs.enqueue("drain_inbox", shop_id=7)

    with parts.database.tenant(Tenant()) as session:
        parts.jobs.enqueue("drain_inbox", session=session, shop_id=7)
        still_works = session.scalar(text("select 1"))
        parts.jobs.enqueue("drain_inbox", session=session, shop_id=8)

    assert still_works == 1
    assert len(waiting()) == 2


def test_jobs_are_the_same_whatever_the_order_of_their_arguments():
    assert queueing_lock("a", {"x": 1, "y": 2}) == queueing_lock("a", {"y": 2, "x": 1})
    assert queueing_lock("a", {"x": 1}) != queueing_lock("b", {"x": 1})


def test_a_lock_stays_short_however_many_ids_a_job_has():
    lock = queueing_lock("refetch_orders", {"shop_id": 1, "order_ids": list(range(10_000))})

    assert len(lock) < 100


def test_a_job_that_is_enqueued_soon_waits_with_its_arguments(parts, waiting):
    parts.jobs.enqueue_soon("push_member_metafields", program_id=7)

    ends = time.monotonic() + 30
    while not waiting() and time.monotonic() < ends:
        """It is on its way."""
    assert waiting() == [("push_member_metafields", {"program_id": 7})]
