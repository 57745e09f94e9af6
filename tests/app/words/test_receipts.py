"""A receipt says of everything what it earned, or why it did not, and how the points come of it."""

import pytest

from app.domain.award import Pin, ReceiptLine
from app.domain.program_rules import ProgramRules
from app.domain.receipt import receipt_of
from app.words.catalogue import words_for
from app.words.receipts import ReceiptTerms, receipt_lines, receipt_sums

RULES = ProgramRules(unit_minor=2_500)
PLAIN = Pin(rule_version_id=1, tier_id=None)
NAMES = {"en": {"one": "petal", "other": "petals"}}


def terms(**changes):
    values = {"currency": "THB", "points_name": NAMES, "collections": {7: "Gifts"}}
    return ReceiptTerms(**values | changes)


def text(line, locale="en", **changes):
    receipt = receipt_of([line], RULES, PLAIN)
    [told] = receipt_lines(words_for(locale), receipt, terms(**changes))
    return told.text


def sums(spend_minor, points, *, pin=PLAIN, rules=RULES, **changes):
    line = ReceiptLine("line", "Tea", 1, spend_minor, points, spend_minor)
    return receipt_sums(words_for("en"), receipt_of([line], rules, pin), terms(**changes))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (ReceiptLine("line", "Tea", 2, 24_000, 9, 24_000), "Tea × 2 · ฿240"),
        (ReceiptLine("line", "Tea", 1, 12_000, 4, 24_000), "Tea × 1 · ฿120 left of ฿240"),
        (ReceiptLine("removed", "Tea", 0, 0, 0, 24_000), "Tea · returned"),
        (ReceiptLine("free", "Sample", 1), "Sample · free"),
        (ReceiptLine("gift_card", "Gift card", 1), "Gift card · gift cards earn nothing"),
        (ReceiptLine("tip", "Tip", 1), "Tip · tips earn nothing"),
        (ReceiptLine("excluded_product", "Pot", 1), "Pot · earns nothing in this shop"),
        (ReceiptLine("excluded_collection", "Pot", 1, detail="7"), "Pot · “Gifts” earns nothing"),
        (
            ReceiptLine("excluded_collection", "Pot", 1, detail="8"),
            "Pot · earns nothing in this shop",
        ),
        (
            ReceiptLine("excluded_tag", "Pot", 1, detail="sale"),
            "Pot · items marked “sale” earn nothing",
        ),
        (ReceiptLine("shipping", "", 1, 5_000, 2, 5_000), "Shipping · ฿50"),
        (
            ReceiptLine("amount_refund", full_minor=-10_000),
            "฿100 given back, taken off every item",
        ),
        (ReceiptLine("unpaid_part", "", 0, -5_000, 0, -5_000), "Not paid yet · ฿50"),
        (ReceiptLine("excluded_customer", detail="staff"), "Orders of this account earn nothing"),
        (
            ReceiptLine("excluded_code", detail="FRIENDS"),
            "Orders with the code FRIENDS earn nothing",
        ),
        (ReceiptLine("guest"), "Ordered without an account"),
        (ReceiptLine("test"), "A test order earns nothing"),
        (ReceiptLine("cancelled"), "The order was cancelled"),
        (ReceiptLine("deleted"), "The order was deleted"),
        (ReceiptLine("no_customer"), "The order no longer belongs to a customer"),
        (ReceiptLine("not_paid"), "The order is not paid yet"),
        (ReceiptLine("not_fulfilled"), "The order is not sent yet"),
        (ReceiptLine("sign_up", points=50), "For joining"),
        (ReceiptLine("manual", points=50), "A gift from the shop"),
    ],
)
def test_every_line_says_what_it_is(line, told):
    assert text(line) == told
    assert text(line, "th") != told or "฿240" in told


def test_only_staff_read_the_tag_of_a_customer():
    line = ReceiptLine("excluded_customer", detail="wholesale")

    assert "wholesale" not in text(line)
    assert text(line, for_staff=True) == "Customers tagged “wholesale” earn nothing"


def test_the_rate_is_told_with_the_tier_that_multiplied_it():
    gold = Pin(rule_version_id=1, tier_id=3, multiplier_bp=15_000)

    assert sums(120_000, 48) == ["฿1,200 at 1 petal for every ฿25."]
    assert sums(120_000, 72, pin=gold, tier_name="Gold") == [
        "฿1,200 at 1 petal for every ฿25, times 1.5 in Gold."
    ]
    assert sums(120_000, 72, pin=gold) == ["฿1,200 at 1 petal for every ฿25, times 1.5."]


def test_what_rounding_took_or_gave_is_told():
    half_up = ProgramRules(unit_minor=2_500, rounding="half_up")

    assert sums(24_000, 9)[1] == "0.6 of a petal dropped by rounding."
    assert sums(24_000, 10, rules=half_up)[1] == "0.4 of a petal added by rounding."


def test_what_was_not_reckoned_from_spend_has_no_rate():
    receipt = receipt_of([ReceiptLine("sign_up", points=50)], RULES, PLAIN)

    assert receipt_sums(words_for("en"), receipt, terms()) == []
