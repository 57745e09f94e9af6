"""Discount codes are applied and refused as Shopify does."""

from datetime import timedelta

import pytest

from devstore.store import CartLine, CombinesWith, Discount
from devstore.store.discounts import CodeTaken


@pytest.fixture
def store(start_store):
    return start_store().store


@pytest.fixture
def create(store):
    def create(code: str, **fields):
        fields = {"kind": "basic", "starts_at": store.clock.now() - timedelta(hours=1)} | fields
        return store.discounts.create(
            lambda discount_id, now: Discount(
                id=discount_id,
                title=code,
                code=code,
                ends_at=fields.pop("ends_at", None),
                created_at=now,
                updated_at=now,
                **fields,
            )
        )

    return create


def tea(store, quantity=1):
    return CartLine(store.products.by_handle("jasmine-tea").variants[0].id, quantity)


def soap(store, quantity=1):
    return CartLine(store.products.by_handle("lemongrass-soap").variants[0].id, quantity)


def evaluate(store, *codes, lines=None, customer_id=None, shipping_minor=4000):
    lines = lines or [tea(store, 2), soap(store)]
    return store.discounts.evaluate(codes, customer_id, lines, store.clock.now(), shipping_minor)


def test_an_amount_is_spread_over_the_lines_and_sums_exactly(store, create):
    create("FIFTY", amount_minor=5000)

    cart = evaluate(store, "fifty")

    assert cart.subtotal_minor == 32000
    assert cart.line_discounts == (3750, 1250)
    assert cart.total_minor == 32000 + 4000 - 5000


def test_an_amount_never_takes_more_than_there_is(store, create):
    create("HUGE", amount_minor=99_000_000)

    assert evaluate(store, "HUGE").total_minor == 4000


def test_a_percentage_is_rounded_once(store, create):
    create("THIRD", percentage_bp=3333)

    assert sum(evaluate(store, "THIRD").line_discounts) == 10666


def test_free_shipping_takes_the_shipping_off(store, create):
    create("SHIP", kind="free_shipping")

    cart = evaluate(store, "SHIP")

    assert cart.applied[0].shipping_minor == 4000
    assert cart.total_minor == 32000


def test_gift_cards_are_never_discounted(store, create):
    create("TEN", percentage_bp=1000)
    gift = CartLine(store.products.by_handle("gift-card").variants[0].id, 1)

    assert evaluate(store, "TEN", lines=[gift, soap(store)]).line_discounts == (0, 800)
    assert evaluate(store, "TEN", lines=[gift]).refused[0].reason == "items"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"minimum_subtotal_minor": 32001}, "minimum"),
        ({"minimum_quantity": 4}, "minimum"),
        ({"usage_limit": 0}, "usage_limit"),
        ({"customer_ids": (7,)}, "customer"),
        ({"product_ids": (7,)}, "items"),
    ],
)
def test_a_code_whose_condition_fails_is_refused_with_its_reason(store, create, fields, reason):
    create("NO", amount_minor=100, **fields)

    cart = evaluate(store, "NO", customer_id=8)

    assert [refusal.reason for refusal in cart.refused] == [reason]
    assert cart.applied == ()


def test_codes_start_and_end_by_the_shifted_clock(store, create):
    now = store.clock.now()
    create("WEEK", amount_minor=100, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=7))  # fmt: skip

    assert evaluate(store, "WEEK").refused[0].reason == "not_started"
    store.clock.advance(2 * 86400)
    assert evaluate(store, "WEEK").applied
    store.clock.advance(7 * 86400)
    assert evaluate(store, "WEEK").refused[0].reason == "expired"


def test_an_unknown_code_is_refused(store):
    assert evaluate(store, "NOPE").refused[0].reason == "unknown"


def test_codes_that_do_not_combine_leave_the_better_one(store, create):
    create("SMALL", amount_minor=1000)
    create("BIG", amount_minor=5000)

    cart = evaluate(store, "SMALL", "BIG")

    assert [applied.code for applied in cart.applied] == ["BIG"]
    assert [(refusal.code, refusal.reason) for refusal in cart.refused] == [
        ("SMALL", "combination")
    ]


def test_codes_combine_only_when_both_say_so(store, create):
    create("ORDER", amount_minor=5000, combines_with=CombinesWith(shipping=True))
    create("SHIP", kind="free_shipping", combines_with=CombinesWith(order=True))
    create("ALONE", kind="free_shipping")

    assert len(evaluate(store, "ORDER", "SHIP").applied) == 2
    assert len(evaluate(store, "ORDER", "ALONE").applied) == 1


def test_a_single_use_code_is_used_by_the_order_that_takes_it(start_store, store, create):
    customer = store.customers.create(first_name="Mali")
    create("ONCE", amount_minor=5000, usage_limit=1, customer_ids=(customer.id,))

    order = store.orders.place(customer.id, [tea(store, 2)], ["ONCE"])

    assert order.discount_codes[0].amount_minor == 5000
    assert order.lines[0].discount_minor == 5000
    assert evaluate(store, "ONCE", customer_id=customer.id).refused[0].reason == "usage_limit"


def test_once_per_customer_binds_each_customer(store, create):
    create("EACH", amount_minor=100, once_per_customer=True)
    first, second = (store.customers.create(first_name=name) for name in "AB")
    store.orders.place(first.id, [tea(store)], ["EACH"])

    assert evaluate(store, "EACH", customer_id=first.id).refused[0].reason == "customer_used"
    assert evaluate(store, "EACH", customer_id=second.id).applied


def test_a_code_is_unique_whatever_its_case(store, create):
    create("Twice", amount_minor=1)

    with pytest.raises(CodeTaken):
        create("TWICE", amount_minor=1)


def test_codes_of_a_merged_customer_are_the_kept_ones(store, create):
    kept, gone, other = (store.customers.create(first_name=name).id for name in "KGO")
    create("HERS", amount_minor=5_000, customer_ids=(other, gone))
    create("THEIRS", amount_minor=5_000, customer_ids=(other,))

    store.customers.merge(kept, gone)

    assert store.discounts.by_code("HERS").customer_ids == (other, kept)
    assert store.discounts.by_code("THEIRS").customer_ids == (other,)
