"""A comparison of rules runs as a job, and one that cannot be done says so."""

from datetime import timedelta

import pytest

from app.db.queries.rule_comparisons import comparison_of_draft
from app.domain.program_rules import ProgramRules
from app.jobs.tasks import compare_rules as task
from app.services.save_rule_draft import save_rule_draft
from app.services.start_rule_comparison import start_rule_comparison


@pytest.fixture
def asked(parts, store):
    """A comparison that is asked for: (its draft, what its job is told)."""
    store.take_in(store.order(10_000))
    with store.session() as session:
        draft_id = save_rule_draft(
            session,
            program_id=store.program_id,
            name="Double",
            rules=ProgramRules(points_per_unit=2),
            saved_by="staff:1",
            now=store.now,
        )
        comparison_id = start_rule_comparison(
            session,
            program_id=store.program_id,
            shop_id=store.shop_id,
            draft_id=draft_id,
            since=store.now - timedelta(days=1),
            until=store.now + timedelta(days=1),
            now=store.now,
        )
        told = {
            "program_id": store.program_id,
            "shop_id": store.shop_id,
            "comparison_id": comparison_id,
        }
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
