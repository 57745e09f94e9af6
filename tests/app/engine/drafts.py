"""Rules and orders to choose from: the plain ones first, then a few hundred made at random.

They are made once and chosen by their number, which is much faster than to let Hypothesis draw
every amount, and varies them more: what fails is still shrunk to few steps and plain drafts.
"""

import random
from typing import Any

from hypothesis import strategies as st

from app.domain.order_snapshot import OrderLine
from app.domain.program_rules import ProgramRules

_random = random.Random("drafts")
_one_of = _random.choice


def line(
    number: int = 1, gross_minor: int = 12_345, quantity: int = 1, **changes: Any
) -> OrderLine:
    """Return an order line; `gross_minor` is its price in all."""
    values: dict[str, Any] = {
        "line_id": number,
        "product_id": number,
        "title": f"Product {number}",
        "quantity": quantity,
        "current_quantity": quantity,
        "gross_minor": gross_minor,
        "discount_minor": 0,
        "tax_minor": 0,
    }
    return OrderLine(**(values | changes))


def _random_line(number: int) -> OrderLine:
    """Return a line: often plain, at times free, discounted, taxed, with duties, a gift card or a tip."""
    quantity = _one_of([1, 1, 2, 3, 4])
    gross_minor = _one_of([0, 99, 3_333, 12_345, 40_000]) * quantity
    return line(
        number,
        gross_minor,
        quantity,
        product_id=_one_of([number, number, 7, None]),
        discount_minor=_one_of([0, 0, gross_minor // 3, gross_minor]),
        tax_minor=_one_of([0, gross_minor // 11]),
        duty_minor=_one_of([0, 0, 0, gross_minor // 9]),
        gift_card=_random.random() < 0.1,
        tip=_random.random() < 0.05,
    )


def _random_order() -> dict[str, Any]:
    return {
        "financial_status": _one_of(["paid"] * 5 + ["pending", "authorized", "partially_paid"]),
        "fulfilled": _random.random() < 0.7,
        "test": _random.random() < 0.05,
        "taxes_included": _random.random() < 0.5,
        "shipping_minor": _one_of([0, 500]),
        "shipping_tax_minor": _one_of([0, 35]),
        "lines": tuple(_random_line(number + 1) for number in range(_one_of([1, 1, 2, 3]))),
    }


def _random_rules() -> ProgramRules:
    return ProgramRules(
        points_per_unit=_one_of([1, 2, 5]),
        unit_minor=_one_of([100, 100, 7, 2_500]),
        rounding=_one_of(["down", "half_up"]),
        include_tax=_random.random() < 0.5,
        include_shipping=_random.random() < 0.5,
        excluded_product_ids=_one_of([(), (), (7,)]),
        excluded_collection_ids=_one_of([(), (), (), (70, 71)]),
        excluded_product_tags=_one_of([(), (), (), ("sale",)]),
        excluded_customer_tags=_one_of([(), (), (), ("wholesale",)]),
        guests=_one_of(["earn", "earn", "earn", "signed_in_only"]),
        excluded_discount_codes=_one_of([(), (), (), ("rg-5",)]),
        earn_on=_one_of(["paid", "paid", "fulfilled"]),
        pending_days=_one_of([0, 0, 14, 90]),
        expiry_months=_one_of([12, None, 1]),
        expiry_mode=_one_of(["lot", "lot", "inactivity"]),
        sign_up_points=_one_of([0, 50]),
        debt_policy=_one_of(["owe", "owe", "write_off"]),
        return_policy=_one_of(["proportional", "proportional", "full_only", "never"]),
        lapse_policy=_one_of(["return", "keep"]),
    )


PLAIN: dict[str, Any] = {
    "financial_status": "paid",
    "fulfilled": True,
    "test": False,
    "taxes_included": False,
    "shipping_minor": 0,
    "shipping_tax_minor": 0,
    "lines": (line(),),
}
_orders = [
    PLAIN,
    PLAIN | {"lines": (line(1, 24_690, quantity=2),)},
    PLAIN | {"financial_status": "pending"},
    *(_random_order() for _ in range(400)),
]
_lines = [line(), line(1, 24_690, quantity=2), *(_random_line(1) for _ in range(100))]
_rules = [
    ProgramRules(pending_days=0, sign_up_points=0),
    ProgramRules(),
    *(_random_rules() for _ in range(400)),
]


def _order(number: int) -> dict[str, Any]:
    return _orders[number]


def _line(number: int) -> OrderLine:
    return _lines[number]


def _rules_of(number: int) -> ProgramRules:
    return _rules[number]


# By their number and by functions: Hypothesis prints its strategies over and over, all they name.
ORDERS = st.integers(0, len(_orders) - 1).map(_order)
LINES = st.integers(0, len(_lines) - 1).map(_line)
RULES = st.integers(0, len(_rules) - 1).map(_rules_of)
