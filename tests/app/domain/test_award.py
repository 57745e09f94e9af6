"""What an order is worth, from the order as it stands."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.award import Pin, ReceiptLine, reckon_order
from app.domain.order_snapshot import OrderLine, OrderSnapshot, Refund
from app.domain.program_rules import ProgramRules

AT = datetime(2026, 5, 1, tzinfo=UTC)
PIN = Pin(rule_version_id=1, tier_id=None)
RULES = ProgramRules()


def line(line_id=1, *, quantity=1, gross=0, **changes):
    values = {
        "line_id": line_id,
        "product_id": line_id,
        "title": f"Tea {line_id}",
        "quantity": quantity,
        "current_quantity": quantity,
        "gross_minor": gross,
        "discount_minor": 0,
        "tax_minor": 0,
    }
    return OrderLine(**(values | changes))


def order(*lines, **changes):
    values = {
        "order_id": 1,
        "name": "#1001",
        "customer_id": 1,
        "currency": "USD",
        "created_at": AT,
        "processed_at": AT,
        "updated_at": AT,
        "financial_status": "paid",
        "fulfilled": False,
        "cancelled_at": None,
        "test": False,
        "taxes_included": False,
        "lines": lines,
        "shipping_minor": 0,
        "shipping_tax_minor": 0,
    }
    return OrderSnapshot(**(values | changes))


def refund_of(amount, **changes):
    values = {"refund_id": 1, "created_at": AT, "amount_minor": amount}
    return Refund(**(values | changes))


def points(snapshot, rules=RULES, pin=PIN, **more):
    return reckon_order(snapshot, rules, pin, **more).points


def test_an_order_earns_a_point_for_each_whole_unit():
    reckoning = reckon_order(order(line(gross=12_399)), RULES, PIN)

    assert reckoning.points == 123
    assert reckoning.spend_minor == reckoning.original_spend_minor == 12_399


def test_spend_is_what_is_left_after_discounts():
    assert points(order(line(gross=10_000, discount_minor=2_550))) == 74


def test_rounding_happens_once_per_order_not_once_per_line():
    assert points(order(line(1, gross=150), line(2, gross=150))) == 3


def test_a_tiers_multiplier_counts_before_rounding():
    pin = Pin(rule_version_id=1, tier_id=2, multiplier_bp=12_500)

    assert points(order(line(gross=10_100)), pin=pin) == 126


def test_refunded_lines_earn_nothing():
    snapshot = order(line(1, gross=5_000, current_quantity=0), line(2, gross=3_000))

    reckoning = reckon_order(snapshot, RULES, PIN)

    assert reckoning.points == 30
    assert reckoning.original_spend_minor == 8_000
    assert [each.kind for each in reckoning.receipt] == ["removed", "line"]


def test_a_line_partly_sent_back_counts_in_proportion_rounded_down():
    assert points(order(line(quantity=3, gross=10_000, current_quantity=2))) == 66


def test_an_amount_refunded_without_lines_takes_the_same_share_of_every_line():
    snapshot = order(line(1, gross=6_000), line(2, gross=4_000), refunds=(refund_of(5_000),))

    reckoning = reckon_order(snapshot, RULES, PIN)

    assert [(each.kind, each.amount_minor, each.full_minor) for each in reckoning.receipt] == [
        ("line", 3_000, 6_000),
        ("line", 2_000, 4_000),
        ("amount_refund", 0, -5_000),
    ]
    assert reckoning.points == 50


def test_an_amount_refunded_includes_the_tax_that_never_counted():
    snapshot = order(line(gross=10_000, tax_minor=700), refunds=(refund_of(5_350),))

    assert points(snapshot) == 50


def test_goods_sent_back_first_and_paid_out_later_are_taken_off_once():
    sent_back = line(1, gross=6_000, current_quantity=0)
    unpaid = refund_of(-6_000, line_quantities=((1, 1),))
    payout = refund_of(6_000, refund_id=2)

    snapshot = order(sent_back, line(2, gross=4_000), refunds=(unpaid, payout))

    assert points(snapshot) == 40


def test_goods_paid_back_in_part_leave_the_others_whole():
    sent_back = line(1, gross=6_000, current_quantity=0)
    less_a_fee = refund_of(-1_000, line_quantities=((1, 1),))

    assert points(order(sent_back, line(2, gross=4_000), refunds=(less_a_fee,))) == 40


def test_refunding_more_than_the_order_leaves_nothing():
    assert points(order(line(gross=10_000), refunds=(refund_of(99_999),))) == 0


def test_tax_inside_the_price_does_not_count():
    snapshot = order(line(gross=10_700, tax_minor=700), taxes_included=True)

    assert points(snapshot) == 100
    assert points(snapshot, ProgramRules(include_tax=True)) == 107


def test_tax_on_top_counts_only_where_the_rules_say_so():
    snapshot = order(line(gross=10_000, tax_minor=700))

    assert points(snapshot) == 100
    assert points(snapshot, ProgramRules(include_tax=True)) == 107


def test_shipping_counts_only_where_the_rules_say_so():
    rules = ProgramRules(include_shipping=True)
    snapshot = order(line(gross=10_000), shipping_minor=500)

    assert points(snapshot) == 100
    assert points(snapshot, rules) == 105
    refunded = replace(snapshot, refunds=(refund_of(0, shipping_minor=500),))
    assert points(refunded, rules) == 100


def test_gift_cards_never_earn():
    snapshot = order(line(1, gross=5_000, gift_card=True), line(2, gross=2_000))

    reckoning = reckon_order(snapshot, RULES, PIN)

    assert reckoning.points == 20
    assert reckoning.original_spend_minor == 2_000
    assert reckoning.receipt[0].kind == "gift_card"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"test": True}, "test"),
        ({"cancelled_at": AT}, "cancelled"),
        ({"financial_status": "pending"}, "not_paid"),
        ({"financial_status": "authorized"}, "not_paid"),
        ({"financial_status": "partially_paid"}, "not_paid"),
        ({"financial_status": "voided"}, "not_paid"),
        ({"financial_status": "expired"}, "not_paid"),
    ],
)
def test_what_earns_nothing_says_why(changes, reason):
    reckoning = reckon_order(order(line(gross=5_000), **changes), RULES, PIN)

    assert (reckoning.points, reckoning.spend_minor) == (0, 0)
    assert [each.kind for each in reckoning.receipt] == [reason]


def test_a_deleted_order_earns_nothing():
    reckoning = reckon_order(order(line(gross=5_000)), RULES, PIN, deleted=True)

    assert reckoning.points == 0
    assert reckoning.receipt[0].kind == "deleted"


def test_after_an_edit_that_is_not_paid_yet_the_paid_part_stands():
    edited = order(line(1, gross=5_000), line(2, gross=3_000), financial_status="partially_paid")

    reckoning = reckon_order(edited, RULES, PIN, paid_spend_minor=5_000)

    assert reckoning.points == 50
    assert reckoning.receipt[-1].kind == "unpaid_part"
    assert reckoning.receipt[-1].amount_minor == -3_000


@pytest.mark.parametrize("status", ["partially_refunded", "refunded"])
def test_an_edit_that_is_not_paid_does_not_count_when_refunds_hide_it(status):
    lines = (line(1, gross=5_000), line(2, gross=3_000))
    edited = order(*lines, financial_status=status, outstanding_minor=3_210)

    reckoning = reckon_order(edited, RULES, PIN, paid_spend_minor=5_000)

    assert reckoning.points == 50
    assert reckoning.receipt[-1] == ReceiptLine("unpaid_part", "", 0, -3_000, 0, -3_000)
    assert points(replace(edited, outstanding_minor=0), paid_spend_minor=5_000) == 80
    assert points(edited) == 0


def test_where_orders_earn_when_fulfilled_a_paid_one_waits():
    rules = ProgramRules(earn_on="fulfilled")

    assert points(order(line(gross=5_000)), rules) == 0
    assert points(order(line(gross=5_000), fulfilled=True), rules) == 50


lines = st.lists(
    st.builds(
        lambda id_, quantity, kept, gross, off, gift: line(
            id_,
            quantity=quantity,
            current_quantity=min(kept, quantity),
            gross=gross,
            discount_minor=min(off, gross),
            gift_card=gift,
        ),
        st.integers(1, 99),
        st.integers(1, 9),
        st.integers(0, 9),
        st.integers(0, 10**7),
        st.integers(0, 10**7),
        st.booleans(),
    ),
    max_size=6,
)


@given(lines=lines, bp=st.integers(10_000, 30_000), unit=st.integers(1, 10_000))
def test_receipts_sum_to_the_award_and_the_award_to_an_independent_reckoning(lines, bp, unit):
    rules = ProgramRules(unit_minor=unit)

    reckoning = reckon_order(
        order(*lines), rules, Pin(rule_version_id=1, tier_id=1, multiplier_bp=bp)
    )

    expected = sum(
        int(
            Decimal(each.gross_minor - each.discount_minor) * each.current_quantity // each.quantity
        )
        for each in lines
        if not each.gift_card
    )
    assert reckoning.spend_minor == expected
    assert reckoning.points == expected * bp // (unit * 10_000)
    assert sum(each.points for each in reckoning.receipt) == reckoning.points
    assert sum(each.amount_minor for each in reckoning.receipt) == reckoning.spend_minor


@given(lines=lines, refunded=st.integers(0, 10**7))
def test_a_refund_never_raises_an_award(lines, refunded):
    whole = order(*lines)

    assert points(replace(whole, refunds=(refund_of(refunded),))) <= points(whole)
