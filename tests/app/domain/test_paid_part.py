"""What of an order counts while an edit of it is not paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.order_snapshot import Refund
from app.domain.paid_part import paid_part_minor
from app.domain.program_rules import ProgramRules
from app.domain.spend import spend_of
from tests.fixtures.orders import line, paid_order

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
RULES = ProgramRules()
TEA = line(1, 10_000, quantity=2)
CUPS = line(2, 6_000, quantity=2)
CARD = line(3, 5_000, gift_card=True)
PAID = paid_order(1, TEA, CARD, at=AT)


def part(*lines, outstanding, paid=PAID, rules=RULES, **changes):
    state = replace(PAID, lines=lines, financial_status="partially_paid", **changes)
    return paid_part_minor(replace(state, outstanding_minor=outstanding), paid, rules)


def kept(each, quantity):
    return replace(each, current_quantity=quantity)


def given_back(amount_minor):
    refund = Refund(refund_id=1, created_at=AT + timedelta(hours=1), amount_minor=amount_minor)
    return {"refunds": (refund,)}


def test_what_was_paid_stands():
    assert part(TEA, CARD, CUPS, outstanding=6_000) == 10_000


def test_what_came_back_of_it_does_not():
    assert part(kept(TEA, 1), CARD, CUPS, outstanding=6_000) == 5_000
    assert part(kept(TEA, 0), CARD, CUPS, outstanding=6_000) == 0


def test_an_amount_given_back_is_taken_of_what_was_paid():
    # The gift card bears a third of it.
    assert part(TEA, CARD, CUPS, outstanding=6_000, **given_back(3_000)) == 8_000


def test_what_goes_out_for_something_that_came_back_counts_as_far_as_it_was_paid_for():
    assert part(kept(TEA, 0), CARD, line(4, 15_000), outstanding=5_000) == 10_000
    assert part(kept(TEA, 1), CARD, line(4, 15_000), outstanding=10_000) == 10_000


def test_paying_for_some_of_an_edit_earns_nothing_yet():
    assert part(TEA, CARD, CUPS, outstanding=4_000) == 10_000


def test_more_pieces_of_a_line_are_not_paid_for():
    more = replace(TEA, quantity=3, current_quantity=3, gross_minor=15_000)

    assert part(more, CARD, outstanding=5_000) == 10_000


def test_tax_on_what_was_added_is_not_paid_either():
    rules = ProgramRules(include_tax=True)

    assert part(TEA, CARD, replace(CUPS, tax_minor=420), outstanding=6_420, rules=rules) == 10_000


def test_of_an_order_that_was_not_seen_paid_each_line_counts_for_its_share():
    assert part(TEA, CARD, CUPS, outstanding=7_000, paid=None) == 16_000 * 2 // 3


@pytest.mark.parametrize("outstanding", [0, 1, 2_500, 6_000, 50_000])
def test_it_is_never_more_than_there_is_or_was(outstanding):
    state = replace(PAID, lines=(kept(TEA, 1), CARD, CUPS), outstanding_minor=outstanding)
    found = paid_part_minor(state, PAID, RULES)

    assert (
        5_000 <= found <= min(spend_of(state, RULES).spend_minor, spend_of(PAID, RULES).spend_minor)
    )
