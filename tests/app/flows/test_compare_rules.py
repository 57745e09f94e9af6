"""A comparison asks Shopify for what no order has pinned, and goes on without when it is away."""

from datetime import timedelta

import pytest

from app.db.queries.rule_comparisons import compared_members, comparison_of_draft
from app.db.session import Tenant
from app.domain.program_rules import ProgramRules
from app.flows.compare_rules import Comparing
from tests.app.fake_shopify import unavailable
from tests.fixtures.comparisons import save_draft, start_comparison
from tests.fixtures.orders import line
from tests.fixtures.stores import START


@pytest.fixture
def store(store_by):
    """A store at the installed shop, with two orders of two products each."""
    store = store_by(ProgramRules(sign_up_points=0))
    store.take_in(*[store.order(lines=(line(1, 1_000), line(2, 500))) for _ in range(2)])
    return store


@pytest.fixture
def compare(parts, store):
    """Return a function that compares rules: (points of the draft, orders it cannot judge)."""

    def compare(**rules):
        draft_id = save_draft(store, ProgramRules(sign_up_points=0, **rules))
        until = store.now + timedelta(days=1)
        comparison_id = start_comparison(store, draft_id, START, until)
        tenant = Tenant(program_id=store.program_id, shop_id=store.shop_id)
        assert not Comparing(parts, tenant, comparison_id).next_orders()
        with store.session() as session:
            compared_members(session, comparison_id)
            row = comparison_of_draft(session, draft_id)
        return row.draft_points, row.orders_unknown

    return compare


def test_a_tag_is_judged_by_what_products_are_now(compare, fake):
    fake.product_tags = {1: ["tea"], 2: ["Sale"]}

    assert compare(excluded_product_tags=("sale",)) == (20, 0)
    assert fake.asked.count("product_facts") == 1


def test_customers_are_judged_by_what_they_are_now(compare, fake):
    fake.customer_tags = {1: ["Staff"]}

    assert compare(excluded_customer_tags=("staff",)) == (0, 0)
    assert compare(excluded_customer_tags=("wholesale",)) == (30, 0)


def test_rules_that_ask_for_nothing_ask_shopify_for_nothing(compare, fake):
    assert compare(points_per_unit=2) == (60, 0)
    assert "product_facts" not in fake.asked


def test_without_shopify_what_cannot_be_judged_is_counted(compare, fake):
    fake.fail("product_facts", before=unavailable(maybe_done=False))

    assert compare(excluded_product_tags=("sale",)) == (30, 2)
