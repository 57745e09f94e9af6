"""A comparison of rules runs as a job, and one that cannot be done says so."""

from datetime import timedelta

import pytest

from app.db.queries.rule_comparisons import comparison_of_draft
from app.domain.program_rules import ProgramRules
from app.jobs.tasks import compare_rules as task
from tests.fixtures.comparisons import save_draft, start_comparison


@pytest.fixture
def asked(parts, store):
    """A comparison that is asked for: (its draft, what its job is told)."""
    store.take_in(store.order(10_000))
    draft_id = save_draft(store, ProgramRules(points_per_unit=2))
    a_day = timedelta(days=1)
    comparison_id = start_comparison(store, draft_id, store.now - a_day, store.now + a_day)
    told = {
        "program_id": store.program_id,
        "shop_id": store.shop_id,
        "comparison_id": comparison_id,
    }
    with store.session() as session:
        parts.jobs.enqueue("compare_rules", session, **told)
    return draft_id, told


def comparison(store, draft_id):
    with store.session() as session:
        return comparison_of_draft(session, draft_id)


def test_a_draft_is_compared_by_a_job(worker, store, asked):
    draft_id, _ = asked

    worker.run(wait=False)

    done = comparison(store, draft_id)
    assert (done.state, done.draft_points) == ("done", 200)


def test_a_comparison_that_takes_longer_goes_on_in_another_job(worker, store, asked, monkeypatch):
    draft_id, told = asked
    monkeypatch.setattr(task, "BUDGET_S", 0)
    task.run(worker.work, **told)
    assert comparison(store, draft_id).state == "running"
    monkeypatch.setattr(task, "BUDGET_S", 10)

    worker.run(wait=False)

    assert comparison(store, draft_id).state == "done"


def test_a_comparison_that_cannot_be_done_says_so(worker, store, asked, monkeypatch):
    draft_id, told = asked

    def broken(*_arguments):
        raise ArithmeticError

    monkeypatch.setattr(task.Comparing, "next_orders", broken)

    with pytest.raises(ArithmeticError):
        task.run(worker.work, **told)

    assert comparison(store, draft_id).state == "failed"
