"""A shop's orders that wait for facts are served together, however many there are."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.db.models import Award, CustomerOrder
from app.domain.program_rules import ProgramRules
from app.flows import fetch_order_facts as flow
from app.flows.fetch_order_facts import fetch_order_facts
from app.jobs.tasks import fetch_order_facts as task
from app.shopify.errors import AccessDenied
from tests.app.fake_shopify import unavailable
from tests.fixtures.orders import line


@pytest.fixture
def store(store_by):
    """A store at the installed shop, where what is tagged "sale" earns nothing."""
    return store_by(ProgramRules(excluded_product_tags=("sale",), sign_up_points=0))


@pytest.fixture
def awarded(store):
    """Return a function that tells (orders that wait, points awarded in all)."""

    def awarded():
        with store.session() as session:
            wanted = select(func.count()).where(CustomerOrder.facts_wanted)
            points = select(func.coalesce(func.sum(Award.points), 0))
            return session.scalar(wanted), session.scalar(points)

    return awarded


def orders(store, count):
    return [store.order(lines=(line(1, 1_000), line(2, 500))) for _ in range(count)]


def test_a_product_is_asked_for_once_for_all_orders(parts, store, fake, awarded):
    store.take_in(*orders(store, 30))
    fake.product_tags = {1: ["tea"], 2: ["Sale"]}
    assert awarded() == (30, 0)

    assert not fetch_order_facts(parts, store.shop_id, budget_s=5)

    assert awarded() == (0, 300)
    assert fake.asked == ["product_facts"]


def test_what_does_not_fit_into_the_time_is_left_for_another_job(
    parts, store, recorded_jobs, monkeypatch, awarded
):
    store.take_in(*orders(store, 5))
    monkeypatch.setattr(flow, "ORDERS_A_PASS", 2)
    monkeypatch.setattr(task, "BUDGET_S", 0.0)

    task.run(SimpleNamespace(parts=parts), store.shop_id)

    assert awarded() == (5, 0)
    assert ("fetch_order_facts", {"shop_id": store.shop_id}) in recorded_jobs.enqueued

    monkeypatch.setattr(task, "BUDGET_S", 5.0)
    task.run(SimpleNamespace(parts=parts), store.shop_id)

    assert awarded() == (0, 75)


@pytest.mark.parametrize(
    "trouble",
    [
        unavailable(maybe_done=False),
        AccessDenied(shop_domain="tea.myshopify.com", operation="product_facts"),
    ],
    ids=["away", "not granted"],
)
def test_orders_go_on_waiting_when_shopify_cannot_be_asked(parts, store, fake, awarded, trouble):
    store.take_in(*orders(store, 1))
    fake.fail("product_facts", before=trouble)

    task.run(SimpleNamespace(parts=parts), store.shop_id)
    assert awarded() == (1, 0)

    task.run(SimpleNamespace(parts=parts), store.shop_id)
    assert awarded() == (0, 15)


def test_an_edit_between_asking_and_keeping_is_served_in_the_next_pass(
    parts, store, fake, monkeypatch, awarded
):
    [order] = orders(store, 1)
    store.take_in(order)
    ask = flow.fetch_product_facts
    edits = [
        replace(
            order,
            updated_at=order.updated_at.replace(year=order.updated_at.year + 1),
            lines=(*order.lines, line(3, 700)),
        )
    ]

    def ask_while_it_changes(run, product_ids):
        answer = ask(run, product_ids)
        if edits:
            store.take_in(edits.pop())
        return answer

    monkeypatch.setattr(flow, "fetch_product_facts", ask_while_it_changes)

    assert not fetch_order_facts(parts, store.shop_id, budget_s=5)

    assert awarded() == (0, 22)
    assert fake.asked == ["product_facts", "product_facts"]
