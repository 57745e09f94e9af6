"""What is reckoned plainly is what the engine reckons, down to the last line of the receipt."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.bulk import as_json
from app.db.stored_snapshots import read_plain_order, stored_plain_receipt
from app.domain.award import Pin
from app.domain.order_input import OrderInput, reckon
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund, with_refunds
from app.domain.program_rules import ProgramRules
from app.domain.receipt import stored_line
from app.services.verify_plain_awards import PlainReckoner, PlainReckoning, are_plain
from tests.fixtures.orders import line, paid_order

AT = datetime(2026, 5, 1, tzinfo=UTC)
MULTIPLIERS = (10_000, 12_500, 15_000, 33_333)

amounts = st.integers(0, 50_000)
lines = st.builds(
    OrderLine,
    line_id=st.integers(1, 9),
    product_id=st.none() | st.integers(1, 9),
    title=st.text(max_size=12),
    quantity=st.integers(0, 4),
    current_quantity=st.integers(0, 4),
    gross_minor=amounts,
    discount_minor=st.integers(0, 20_000),
    tax_minor=st.integers(0, 900),
    gift_card=st.sampled_from([False] * 9 + [True]),
    tip=st.sampled_from([False] * 9 + [True]),
    duty_minor=st.sampled_from([0, 0, 0, 250]),
)
refunds = st.builds(
    Refund,
    refund_id=st.integers(1, 3),
    created_at=st.just(AT),
    line_quantities=st.sampled_from([(), ((1, 1),)]),
    amount_minor=st.sampled_from([0, 0, 0, 500, -500]),
    shipping_minor=st.sampled_from([0, 500]),
)
orders = st.builds(
    replace,
    st.just(paid_order(1, at=AT)),
    financial_status=st.sampled_from(["paid"] * 4 + ["partially_refunded", "refunded", "pending"]),
    fulfilled=st.booleans(),
    cancelled_at=st.sampled_from([None] * 4 + [AT]),
    test=st.sampled_from([False] * 9 + [True]),
    taxes_included=st.booleans(),
    lines=st.lists(lines, max_size=4).map(tuple),
    shipping_minor=st.sampled_from([0, 500]),
    refunds=st.lists(refunds, max_size=2, unique_by=lambda refund: refund.refund_id).map(tuple),
    discount_codes=st.sampled_from([(), ("TEA",)]),
    outstanding_minor=st.sampled_from([0] * 9 + [700]),
)
rules_of_all_sorts = st.builds(
    ProgramRules,
    points_per_unit=st.integers(1, 7),
    unit_minor=st.sampled_from([1, 100, 333]),
    rounding=st.sampled_from(["down", "half_up"]),
    include_tax=st.booleans(),
    include_shipping=st.sampled_from([False] * 4 + [True]),
    excluded_product_ids=st.sampled_from([()] * 4 + [(1,)]),
    excluded_discount_codes=st.sampled_from([()] * 4 + [("tea",)]),
    earn_on=st.sampled_from(["paid", "fulfilled"]),
)


def stored(snapshot: OrderSnapshot) -> bytes:
    return as_json(snapshot).encode()


def plainly(snapshot: OrderSnapshot, announced: tuple[int, ...] = ()) -> PlainReckoning | None:
    return PlainReckoner(ProgramRules(), 10_000).reckon(
        read_plain_order(stored(snapshot)), announced
    )


@settings(max_examples=400)
@given(orders, rules_of_all_sorts, st.sampled_from(MULTIPLIERS), st.lists(refunds, max_size=1))
def test_what_is_plain_is_reckoned_as_the_engine_does(snapshot, rules, multiplier_bp, announced):
    pin = Pin(rule_version_id=1, tier_id=None, multiplier_bp=multiplier_bp)
    order_input = OrderInput(snapshot=with_refunds(snapshot, announced))

    found = None
    if are_plain(rules):
        order = read_plain_order(stored(snapshot))
        ids = [refund.refund_id for refund in announced]
        found = PlainReckoner(rules, multiplier_bp).reckon(order, ids)

    expected = reckon(order_input, rules, pin)
    if found is not None:
        assert found[:3] == expected[:3]
        receipt = as_json([stored_line(each) for each in expected.receipt]).encode()
        assert stored_plain_receipt(found[3]) == receipt


@pytest.mark.parametrize(
    ("model", "looked_at"),
    [
        (
            OrderSnapshot,
            "order_id name customer_id currency created_at processed_at updated_at financial_status"
            " fulfilled cancelled_at test taxes_included lines shipping_minor shipping_tax_minor"
            " refunds discount_codes outstanding_minor told_paid_at",
        ),
        (
            OrderLine,
            "line_id product_id title quantity current_quantity gross_minor discount_minor tax_minor"
            " gift_card tip duty_minor",
        ),
        (Refund, "refund_id created_at line_quantities amount_minor shipping_minor"),
        (
            ProgramRules,
            "points_per_unit unit_minor rounding include_tax include_shipping excluded_product_ids"
            " excluded_collection_ids excluded_product_tags excluded_customer_tags"
            " excluded_discount_codes guests earn_on pending_days expiry_mode expiry_months"
            " expiry_days warning_days sign_up_points debt_policy return_policy lapse_policy code_days",
        ),
        (Pin, "rule_version_id tier_id multiplier_bp"),
    ],
)
def test_whether_a_field_makes_a_difference_to_plain_orders_was_thought_of(model, looked_at: str):
    """A new field that a reckoning looks at has to be drawn above, or to make orders not plain."""
    assert [field.name for field in fields(model)] == looked_at.split()


def test_an_order_of_which_some_came_back_is_plain():
    refund = Refund(refund_id=7, created_at=AT, line_quantities=((1, 1),))
    snapshot = paid_order(
        1,
        line(1, 3_000, quantity=3, current_quantity=2),
        line(2, 500, current_quantity=0),
        at=AT,
        financial_status="partially_refunded",
        refunds=(refund,),
    )

    found = plainly(snapshot, announced=(7,))

    assert found is not None
    assert found[:3] == (20, 2_000, 3_500)


@pytest.mark.parametrize(
    "changes",
    [
        {"financial_status": "pending"},
        {"financial_status": "partially_refunded", "outstanding_minor": 1},
        {"test": True},
        {"test": True, "cancelled_at": AT},
        {"cancelled_at": AT, "lines": (line(1, 3_000, gift_card=True),)},
        {"lines": (line(1, 3_000, gift_card=True),)},
        {"lines": (line(1, 3_000, tip=True),)},
        {"refunds": (Refund(refund_id=1, created_at=AT, amount_minor=100),)},
    ],
)
def test_other_orders_are_left_to_the_engine(changes):
    assert plainly(paid_order(1, line(1, 3_000), at=AT, **changes)) is None


def test_a_cancelled_order_is_plain_and_worth_nothing():
    refund = Refund(refund_id=1, created_at=AT, amount_minor=100)
    snapshot = paid_order(
        1,
        line(1, 3_000, current_quantity=0),
        at=AT,
        financial_status="voided",
        cancelled_at=AT,
        refunds=(refund,),
    )

    found = plainly(snapshot)

    assert found is not None
    assert found[:3] == (0, 0, 3_000)
    assert [each.kind for each in found[3]] == ["cancelled"]


def test_a_refund_that_the_order_does_not_know_yet_is_left_to_the_engine():
    assert plainly(paid_order(1, line(1, 3_000), at=AT), announced=(7,)) is None


@pytest.mark.parametrize(
    "rules",
    [
        ProgramRules(include_shipping=True),
        ProgramRules(excluded_product_ids=(1,)),
        ProgramRules(excluded_collection_ids=(1,)),
        ProgramRules(excluded_product_tags=("sale",)),
        ProgramRules(excluded_customer_tags=("staff",)),
        ProgramRules(excluded_discount_codes=("TEA",)),
        ProgramRules(guests="signed_in_only"),
    ],
)
def test_rules_that_look_at_more_are_not_plain(rules):
    assert not are_plain(rules)
