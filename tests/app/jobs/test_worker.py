"""What the worker does by itself, and what becomes of jobs whose worker died."""

import asyncio
from datetime import timedelta

import pytest

from app import clock
from app.jobs.schedule import ON_CLOCK_JUMP, SCHEDULE
from app.jobs.tasks import retry_stalled, tasks
from tests.fixtures.stores import START


def add_event(query, store, *, state=0, next_attempt_at=None):
    query(
        "insert into webhook_event (shop_id, webhook_id, event_id, topic, api_version,"
        " triggered_at, received_at, body, state, next_attempt_at, handled_at)"
        " values (%s, gen_random_uuid()::text, 'e', 'orders/paid', 'v', 'at', now(), 'body', %s,"
        " %s, now() - interval '10 days')",
        store.shop_id,
        state,
        next_attempt_at,
    )


def test_every_scheduled_task_exists():
    assert set(SCHEDULE) <= set(tasks())
    assert set(ON_CLOCK_JUMP) <= set(tasks())


@pytest.mark.parametrize("name", sorted(tasks()))
def test_every_task_has_a_run_and_says_what_it_does(name):
    module = tasks()[name]

    assert callable(module.run)
    assert module.__doc__


def test_jobs_that_wait_are_done_and_leave_nothing_behind(parts, worker, drained, query):
    parts.jobs.enqueue("drain_inbox", shop_id=7)

    worker.run(wait=False)

    assert drained == [7]
    assert query("select 1 from procrastinate_jobs") == []


def test_a_wake_up_that_was_missed_is_found_by_the_sweep(parts, worker, drained, store, query):
    add_event(query, store)
    parts.jobs.enqueue("sweep_inboxes")

    worker.run(wait=False)

    assert store.shop_id in drained


def test_an_event_whose_next_try_is_later_wakes_nobody(parts, worker, drained, store, query):
    add_event(query, store, next_attempt_at="2999-01-01")
    add_event(query, store, state=3)
    parts.jobs.enqueue("sweep_inboxes")

    worker.run(wait=False)

    assert drained == []


def test_a_job_whose_worker_died_runs_again(parts, worker, drained, query):
    parts.jobs.enqueue("drain_inbox", shop_id=7)
    [(dead,)] = query(
        "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 minute')"
        " returning id"
    )
    query("update procrastinate_jobs set status = 'doing', worker_id = %s", dead)
    parts.jobs.enqueue("retry_stalled")

    worker.run(wait=False)
    worker.run(wait=False)

    assert drained == [7]


def test_a_job_whose_worker_died_gives_way_to_the_same_job_enqueued_since(parts, worker, query):
    parts.jobs.enqueue("drain_inbox", shop_id=7)
    query("update procrastinate_jobs set status = 'doing'")
    parts.jobs.enqueue("drain_inbox", shop_id=7)

    async def retry():
        async with worker.work.queue.open_async():
            await retry_stalled.run(worker.work)

    asyncio.run(retry())

    jobs = query("select status from procrastinate_jobs where task_name = 'drain_inbox'")
    assert jobs == [("todo",)]


def test_points_that_are_due_mature_by_themselves(parts, worker, store, monkeypatch):
    store.take_in(store.order(10_000))
    clock.set_offset(START + timedelta(days=20) - clock.wall_now())
    try:
        parts.jobs.enqueue("sweep_due")
        worker.run(wait=False)
        worker.run(wait=False)
    finally:
        clock.set_offset(timedelta(0))

    assert store.balances() == (0, 100, 0)


def test_bodies_that_were_handled_long_ago_are_emptied(parts, worker, store, query):
    add_event(query, store, state=1)
    add_event(query, store, state=3)
    parts.jobs.enqueue("prune_payloads")

    worker.run(wait=False)

    assert query("select state, body from webhook_event order by state") == [(1, b""), (3, b"body")]


def test_a_sound_ledger_is_proved_and_a_wrong_balance_is_told(parts, worker, store, query, caplog):
    store.take_in(store.order(10_000))
    parts.jobs.enqueue("verify_ledger", program_id=store.program_id)
    worker.run(wait=False)
    sound = [record for record in caplog.records if record.message == "ledger.discrepancy"]

    query("update member set pending = pending + 1 where program_id = %s", store.program_id)
    parts.jobs.enqueue("verify_ledger", program_id=store.program_id)
    worker.run(wait=False)

    assert sound == []
    assert [r.levelname for r in caplog.records if r.message == "ledger.discrepancy"] == [
        "ERROR",
        "ERROR",
    ]
    kept = query("select postings > 0, jsonb_array_length(discrepancies) from ledger_proof")
    assert kept == [(True, 0), (True, 2)]
