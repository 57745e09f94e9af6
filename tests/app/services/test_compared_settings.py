"""A draft is compared in every setting that decides how many points are earned."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from app.db.models import Customer
from app.db.queries.rule_comparisons import comparison_of_draft
from app.domain.order_facts import CustomerFacts, ProductFacts
from app.domain.program_rules import AFTER_EARNING, ProgramRules
from app.services.compare_rules import PresentFacts, compare_rules
from tests.fixtures.comparisons import save_draft, start_comparison
from tests.fixtures.orders import line
from tests.fixtures.stores import START, open_store

LIVE = ProgramRules(sign_up_points=0)
HOUR = timedelta(hours=1)
PRESENT = PresentFacts(
    products={1: ProductFacts(collection_ids=(30,), tags=("Sale",))},
    customers={1: CustomerFacts(tags=("Staff",))},
)

# An order of $100.50 and $7.00 tax, shipped for $10.00, is worth 100 points by the live rules.
WORTH = {
    "points_per_unit": (2, 201),
    "unit_minor": (50, 201),
    "rounding": ("half_up", 101),
    "include_tax": (True, 107),
    "include_shipping": (True, 110),
    "excluded_product_ids": ((1,), 0),
    "excluded_collection_ids": ((30,), 0),
    "excluded_product_tags": (("sale",), 0),
    "excluded_customer_tags": (("staff",), 0),
    "excluded_discount_codes": (("friends",), 0),
    "guests": ("signed_in_only", 0),
    "earn_on": ("fulfilled", 0),
    "sign_up_points": (40, 140),
}
OTHERWISE = {
    "pending_days": 0,
    "expiry_mode": "inactivity",
    "expiry_months": None,
    "expiry_days": 90,
    "warning_days": (),
    "debt_policy": "write_off",
    "return_policy": "never",
    "lapse_policy": "keep",
    "code_days": 1,
}


@pytest.fixture
def store(database):
    store = open_store(database, LIVE)
    with store.session() as session:
        session.add(
            Customer(shop_id=store.shop_id, customer_id=1, created_at=START, updated_at=START)
        )
    return store


def an_order(store):
    return store.order(
        lines=(line(1, 10_050, tax_minor=700),), shipping_minor=1_000, discount_codes=("FRIENDS",)
    )


def compare(store, **rules):
    """Compare the live rules with others; return (live points, draft points, orders unknown)."""
    draft_id = save_draft(store, replace(LIVE, **rules))
    comparison_id = start_comparison(store, draft_id, START - HOUR, START + HOUR)
    with store.session() as session:
        compare_rules(session, comparison_id=comparison_id, now=store.now, present=PRESENT)
        found = comparison_of_draft(session, draft_id)
        return found.live_points, found.draft_points, found.orders_unknown


def test_every_setting_is_one_of_these():
    assert {field.name for field in fields(ProgramRules)} == WORTH.keys() | set(AFTER_EARNING)
    assert set(OTHERWISE) == set(AFTER_EARNING)


@pytest.mark.parametrize("setting", WORTH)
def test_a_setting_that_decides_how_many_points_are_earned_shows(store, setting):
    value, points = WORTH[setting]
    store.take_in(an_order(store))

    assert compare(store, **{setting: value}) == (100, points, 0)


@pytest.mark.parametrize("setting", OTHERWISE)
def test_a_setting_of_what_becomes_of_points_changes_no_figure(store, setting):
    store.take_in(an_order(store))

    assert compare(store, **{setting: OTHERWISE[setting]}) == (100, 100, 0)


def test_what_was_paid_of_an_edited_order_is_counted_by_either_rules(store):
    order = an_order(store)
    more = line(2, 5_000, tax_minor=350)
    store.take_in(order)
    store.take_in(
        replace(
            order,
            updated_at=store.now + HOUR,
            financial_status="partially_paid",
            lines=(*order.lines, more),
            outstanding_minor=5_350,
        )
    )

    assert compare(store, include_tax=True) == (100, 107, 0)
    assert compare(store, excluded_product_ids=(1,)) == (100, 0, 0)
