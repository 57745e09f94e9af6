"""What rules keep from earning, and the receipt that says so line by line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.award import (
    Pin,
    ReceiptLine,
    Reckoning,
    facts_wanted,
    reckon_manual,
    reckon_order,
    reckon_sign_up,
)
from app.domain.order_facts import (
    NO_FACTS,
    CustomerFacts,
    MissingFacts,
    OrderFacts,
    ProductFacts,
    missing_facts,
)
from app.domain.order_snapshot import Refund
from app.domain.program_rules import ProgramRules
from app.domain.receipt import read_lines, receipt_of, stored_line
from tests.app.domain.test_award import AT, PIN, line, order, points, refund_of

FACTS = OrderFacts(
    products={
        1: ProductFacts(tags=("Sale",), collection_ids=(7,)),
        2: ProductFacts(tags=("tea",), collection_ids=(8, 9)),
    },
    customers={1: CustomerFacts(tags=("Staff",), has_account=True), 2: CustomerFacts()},
)
TWO = order(line(1, gross=5_000), line(2, gross=3_000))


def told(snapshot, rules, facts=FACTS, **more):
    reckoning = reckon_order(snapshot, rules, PIN, facts=facts, **more)
    return [(each.kind, each.detail, each.points) for each in reckoning.receipt]


@pytest.mark.parametrize(
    ("rules", "first", "second"),
    [
        ({"excluded_product_ids": (1,)}, ("excluded_product", "", 0), ("line", "", 30)),
        ({"excluded_collection_ids": (7,)}, ("excluded_collection", "7", 0), ("line", "", 30)),
        ({"excluded_product_tags": ("SALE",)}, ("excluded_tag", "SALE", 0), ("line", "", 30)),
        ({"excluded_collection_ids": (5,)}, ("line", "", 50), ("line", "", 30)),
    ],
)
def test_an_excluded_line_earns_nothing_and_says_why(rules, first, second):
    assert told(TWO, ProgramRules(**rules)) == [first, second]


@pytest.mark.parametrize(
    ("changes", "rules", "reason"),
    [
        ({}, {"excluded_customer_tags": ("staff",)}, ("excluded_customer", "staff", 0)),
        (
            {"discount_codes": ("VIP10",)},
            {"excluded_discount_codes": ("vip10",)},
            ("excluded_code", "vip10", 0),
        ),
        ({"customer_id": 2}, {"guests": "signed_in_only"}, ("guest", "", 0)),
    ],
)
def test_an_excluded_order_has_one_line_that_says_why(changes, rules, reason):
    assert told(replace(TWO, **changes), ProgramRules(**rules)) == [reason]


def test_other_codes_customers_and_accounts_earn():
    rules = ProgramRules(
        guests="signed_in_only",
        excluded_customer_tags=("wholesale",),
        excluded_discount_codes=("VIP10",),
    )

    assert points(replace(TWO, discount_codes=("HELLO",)), rules, facts=FACTS) == 80


def test_a_line_without_a_product_is_never_excluded():
    rules = ProgramRules(excluded_product_tags=("sale",), excluded_product_ids=(1,))
    snapshot = order(line(1, gross=5_000, product_id=None))

    assert points(snapshot, rules) == 50
    assert not missing_facts(snapshot, rules)


def test_tips_and_gift_cards_never_earn_and_are_never_asked_about():
    rules = ProgramRules(excluded_product_tags=("sale",))
    snapshot = order(line(1, gross=900, tip=True), line(2, gross=5_000, gift_card=True))

    assert told(snapshot, rules) == [("tip", "", 0), ("gift_card", "", 0)]
    assert not missing_facts(snapshot, rules)


def test_duties_inside_the_price_never_count():
    assert points(order(line(gross=10_000, duty_minor=1_500))) == 85


def test_a_line_that_a_reward_paid_for_earns_nothing():
    reward = line(1, gross=2_000, discount_minor=2_000)

    assert told(order(reward, line(2, gross=3_000)), ProgramRules()) == [
        ("free", "", 0),
        ("line", "", 30),
    ]


def test_an_order_of_nothing_earns_nothing():
    assert points(order(line(gross=2_000, discount_minor=2_000))) == 0
    assert points(order()) == 0


def test_a_refund_of_an_amount_is_shared_by_what_does_not_count():
    rules = ProgramRules(excluded_product_ids=(1,))

    reckoning = reckon_order(replace(TWO, refunds=(refund_of(4_000),)), rules, PIN)

    assert reckoning.spend_minor == 1_500
    assert reckoning.receipt[-1].kind == "amount_refund"
    assert reckoning.receipt[-1].full_minor == -4_000


def test_the_receipt_says_what_a_line_came_to_before_it_went_back():
    snapshot = order(line(quantity=4, gross=8_000, current_quantity=1))

    [only] = reckon_order(snapshot, ProgramRules(), PIN).receipt

    assert (only.quantity, only.amount_minor, only.full_minor) == (1, 2_000, 8_000)


def test_facts_are_asked_for_only_where_the_rules_need_them():
    by_tag = ProgramRules(excluded_product_tags=("sale",), excluded_product_ids=(2,))
    of_customers = ProgramRules(guests="signed_in_only")

    assert not missing_facts(TWO, ProgramRules(excluded_product_ids=(1,)))
    assert missing_facts(TWO, by_tag) == MissingFacts(frozenset({1}), None)
    assert missing_facts(TWO, of_customers) == MissingFacts(frozenset(), 1)
    assert not missing_facts(TWO, by_tag, FACTS)
    assert not missing_facts(TWO, of_customers, FACTS)


@pytest.mark.parametrize("changes", [{"test": True}, {"cancelled_at": AT}, {"voided": True}])
def test_no_facts_are_asked_for_an_order_that_earns_nothing(changes):
    if changes.pop("voided", False):
        changes = {"financial_status": "voided"}

    wanted = facts_wanted(
        replace(TWO, **changes),
        ProgramRules(excluded_product_tags=("sale",)),
        NO_FACTS,
        paid_before=True,
        deleted=False,
    )

    assert not wanted


def test_signing_up_and_gifts_of_staff_have_receipts_too():
    assert reckon_sign_up(ProgramRules(sign_up_points=70)).receipt == read_lines(
        [{"kind": "sign_up", "title": "", "quantity": 0, "amount_minor": 0, "points": 70}]
    )
    assert reckon_manual(15) == Reckoning(
        points=15,
        spend_minor=0,
        original_spend_minor=0,
        receipt=(ReceiptLine("manual", points=15),),
    )


def test_a_receipt_tells_its_terms_and_what_rounding_took():
    rules, pin = (
        ProgramRules(points_per_unit=2, unit_minor=300),
        Pin(rule_version_id=1, tier_id=2, multiplier_bp=12_500),
    )
    reckoning = reckon_order(order(line(gross=1_000)), rules, pin)

    receipt = receipt_of(reckoning.receipt, rules, pin)

    # 1,000 x 2 / 300 x 1.25 = 8 1/3
    assert (receipt.points, receipt.rounded_off_bp) == (8, 3_333)
    assert (receipt.spend_minor, receipt.multiplier_bp) == (1_000, 12_500)
    assert (receipt.points_per_unit, receipt.unit_minor, receipt.rounding) == (2, 300, "down")


def test_rounding_half_up_can_give():
    rules = ProgramRules(rounding="half_up")
    reckoning = reckon_order(order(line(gross=175)), rules, PIN)

    assert receipt_of(reckoning.receipt, rules, PIN).rounded_off_bp == -2_500


ids = st.integers(1, 4)
tags = st.sampled_from(["sale", "Tea", "soap"])
lines = st.lists(
    st.builds(
        lambda id_, product, quantity, kept, gross, off, tax, gift, tip: line(
            id_,
            product_id=product,
            quantity=quantity,
            current_quantity=min(kept, quantity),
            gross=gross,
            discount_minor=min(off, gross),
            tax_minor=tax,
            gift_card=gift,
            tip=tip,
        ),
        st.integers(1, 10**6),
        st.none() | ids,
        st.integers(1, 9),
        st.integers(0, 9),
        st.integers(0, 10**7),
        st.integers(0, 10**7),
        st.integers(0, 10**5),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)
orders = st.builds(
    lambda found, shipping, refunds, included, status, codes: order(
        *found,
        shipping_minor=shipping,
        shipping_tax_minor=shipping // 10,
        refunds=tuple(refunds),
        taxes_included=included,
        financial_status=status,
        discount_codes=codes,
    ),
    lines,
    st.integers(0, 10**5),
    st.lists(
        st.builds(
            lambda id_, amount, shipping: Refund(
                refund_id=id_, created_at=AT, amount_minor=amount, shipping_minor=shipping
            ),
            ids,
            st.integers(-(10**6), 10**7),
            st.integers(0, 10**5),
        ),
        max_size=2,
    ),
    st.booleans(),
    st.sampled_from(["paid", "partially_refunded", "partially_paid", "pending", "voided"]),
    st.lists(tags, max_size=1).map(tuple),
)
product_facts = st.builds(
    ProductFacts, st.lists(tags, max_size=2).map(tuple), st.lists(ids, max_size=2).map(tuple)
)
facts = st.builds(
    lambda products, customer: OrderFacts(products=products, customers={1: customer}),
    st.dictionaries(ids, product_facts),
    st.builds(CustomerFacts, st.lists(tags, max_size=1).map(tuple), st.booleans()),
)
NOTHING_EXCLUDED = {
    "excluded_product_ids": (),
    "excluded_collection_ids": (),
    "excluded_product_tags": (),
    "excluded_customer_tags": (),
    "excluded_discount_codes": (),
    "guests": "earn",
}
rules = st.builds(
    ProgramRules,
    unit_minor=st.integers(1, 1_000),
    points_per_unit=st.integers(1, 20),
    rounding=st.sampled_from(["down", "half_up"]),
    include_tax=st.booleans(),
    include_shipping=st.booleans(),
    excluded_product_ids=st.lists(ids, max_size=1).map(tuple),
    excluded_collection_ids=st.lists(ids, max_size=1).map(tuple),
    excluded_product_tags=st.lists(tags, max_size=1).map(tuple),
    excluded_customer_tags=st.lists(tags, max_size=1).map(tuple),
    excluded_discount_codes=st.lists(tags, max_size=1).map(tuple),
    guests=st.sampled_from(["earn", "signed_in_only"]),
)
pins = st.builds(
    Pin, rule_version_id=st.just(1), tier_id=st.just(1), multiplier_bp=st.integers(10_000, 50_000)
)
paid_before = st.none() | st.integers(0, 10**7)


@given(snapshot=orders, rules=rules, facts=facts, pin=pins, paid=paid_before)
def test_a_receipt_sums_to_its_award_in_points_and_in_money(snapshot, rules, facts, pin, paid):
    reckoning = reckon_order(snapshot, rules, pin, facts=facts, paid_spend_minor=paid)

    assert sum(each.points for each in reckoning.receipt) == reckoning.points
    assert sum(each.amount_minor for each in reckoning.receipt) == reckoning.spend_minor
    assert reckoning.spend_minor >= 0
    assert all(each.points >= 0 for each in reckoning.receipt)


@given(snapshot=orders, rules=rules, facts=facts, pin=pins, paid=paid_before)
def test_what_is_stored_gives_the_receipt_again(snapshot, rules, facts, pin, paid):
    lines = reckon_order(snapshot, rules, pin, facts=facts, paid_spend_minor=paid).receipt

    assert read_lines([stored_line(each) for each in lines]) == lines


@given(snapshot=orders, rules=rules, facts=facts, pin=pins)
def test_a_receipts_terms_give_its_points(snapshot, rules, facts, pin):
    reckoning = reckon_order(snapshot, rules, pin, facts=facts)

    told = receipt_of(reckoning.receipt, rules, pin)

    assert (told.points, told.spend_minor) == (reckoning.points, reckoning.spend_minor)
    exact = told.spend_minor * told.points_per_unit * told.multiplier_bp
    assert (
        told.rounded_off_bp == (exact - told.points * told.unit_minor * 10_000) // told.unit_minor
    )
    assert -5_000 <= told.rounded_off_bp < 10_000


@given(snapshot=orders, rules=rules, facts=facts, data=st.data())
def test_the_order_of_lines_changes_no_total(snapshot, rules, facts, data):
    shuffled = replace(snapshot, lines=tuple(data.draw(st.permutations(snapshot.lines))))

    before = reckon_order(snapshot, rules, PIN, facts=facts)
    after = reckon_order(shuffled, rules, PIN, facts=facts)

    assert (after.points, after.spend_minor) == (before.points, before.spend_minor)
    amounts = [sorted(each.amount_minor for each in told.receipt) for told in (before, after)]
    assert amounts[0] == amounts[1]


@given(snapshot=orders, rules=rules, facts=facts, dropped=st.sampled_from([*NOTHING_EXCLUDED]))
def test_excluding_more_never_earns_more(snapshot, rules, facts, dropped):
    fewer = replace(rules, **{dropped: NOTHING_EXCLUDED[dropped]})

    strict, mild = (reckon_order(snapshot, each, PIN, facts=facts) for each in (rules, fewer))

    assert strict.spend_minor <= mild.spend_minor
    assert strict.points <= mild.points


@given(snapshot=orders, rules=rules, facts=facts)
def test_an_excluded_line_counts_for_nothing_of_any_other(snapshot, rules, facts):
    reckoning = reckon_order(snapshot, rules, PIN, facts=facts)
    free = replace(rules, **NOTHING_EXCLUDED)
    unrestricted = reckon_order(snapshot, free, PIN, facts=facts)

    if len(reckoning.receipt) == len(unrestricted.receipt):
        for strict, mild in zip(reckoning.receipt, unrestricted.receipt, strict=True):
            if strict.kind == mild.kind:
                assert strict.amount_minor == mild.amount_minor
            else:
                assert strict.kind.startswith("excluded") or strict.kind == "guest"
                assert strict.amount_minor == 0


@given(snapshot=orders, rules=rules, facts=facts)
def test_no_fact_is_missing_once_those_that_were_missing_are_there(snapshot, rules, facts):
    missing = missing_facts(snapshot, rules, facts)

    complete = OrderFacts(
        products={**facts.products, **dict.fromkeys(missing.product_ids, ProductFacts())},
        customers={1: CustomerFacts(), **facts.customers},
    )

    assert not missing_facts(snapshot, rules, complete)
