"""Orders in every state, told by webhook in order, backwards, and twice in any order.

A shop in US dollars, a point a dollar: ten packets of tea at $4.80 and five at $4.00 are $68.
"""

import pytest

from app.domain.program_rules import ProgramRules
from devstore.store import CartLine, Discount, Shipping
from devstore.store.terms import Terms

SIXTY_EIGHT = [("line", 4_800, 48), ("line", 2_000, 20)]


def test_a_paid_order(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell_the_rest()

    assert town.worth(order) == (68, 6_800)
    assert town.receipt(order) == SIXTY_EIGHT
    assert town.balances(mali) == (68, 0)


def test_cash_on_delivery_earns_nothing_until_it_is_paid(town, mali):
    order = town.buy(mali, 10, 5, mark_paid=False)
    town.tell_the_rest()

    assert town.worth(order) == (None, 0)
    assert town.balances(mali) == (0, 0)

    town.store.orders.pay(order.id)
    town.tell_the_rest()

    assert town.worth(order) == (68, 6_800)
    assert town.balances(mali) == (68, 0)


@pytest.mark.parametrize("terms", [{"mark_paid": False}, {"terms": Terms(authorize=True)}])
@pytest.mark.parametrize("heard_of_at_first", [True, False])
def test_a_lot_of_an_order_paid_late_waits_from_its_payment(town, mali, terms, heard_of_at_first):
    # Payloads do not tell when an order was paid, only that it is.
    order = town.buy(mali, 10, 5, **terms)
    if heard_of_at_first:
        town.tell()
    town.later(days=10)
    town.lose()
    (town.store.orders.capture if "terms" in terms else town.store.orders.pay)(order.id)
    town.tell_the_rest()

    town.later(days=5)
    later = town.buy(mali, 0, 1)
    town.tell_the_rest()
    assert town.balances(mali) == (68 + 4, 0)

    town.later(days=10)
    town.store.orders.refund(later.id, [(later.lines[0].id, 1)])
    town.tell_the_rest()
    assert town.balances(mali) == (0, 68)


def test_a_partly_paid_order_earns_when_the_rest_is_paid(town, mali):
    order = town.buy(mali, 10, 5, mark_paid=False)
    town.tell()
    town.store.orders.pay_part(order.id, 3_000)
    town.tell_the_rest()
    assert town.order(order).financial_status == "partially_paid"
    assert town.worth(order) == (None, 0)

    town.store.orders.pay_part(order.id, 3_800)
    town.tell_the_rest()
    assert town.worth(order) == (68, 6_800)


def test_an_authorised_order_earns_when_it_is_captured(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(authorize=True))
    town.tell_the_rest()
    assert town.order(order).financial_status == "authorized"
    assert town.worth(order) == (None, 0)

    town.store.orders.capture(order.id)
    town.tell_the_rest()
    assert town.worth(order) == (68, 6_800)


def test_an_authorisation_captured_in_two_parts_earns_at_the_second(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(authorize=True))
    town.tell()
    town.store.orders.capture(order.id, 1_000)
    town.tell()
    town.store.orders.capture(order.id)
    town.tell_the_rest()

    assert town.worth(order) == (68, 6_800)


def test_a_voided_authorisation_earns_nothing(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(authorize=True))
    town.tell()
    town.store.orders.void(order.id)
    town.tell_the_rest()

    assert town.order(order).financial_status == "voided"
    assert town.worth(order) == (None, 0)


def test_a_line_edited_away_earns_no_more(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.edit(order.id, {order.lines[0].id: 0})
    town.tell_the_rest()

    assert town.worth(order) == (20, 2_000)
    assert town.receipt(order) == [("removed", 0, 0), ("line", 2_000, 20)]
    assert town.balances(mali) == (20, 0)


def test_a_quantity_edited_down_earns_less(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.edit(order.id, {order.lines[0].id: 4})
    town.tell_the_rest()

    assert town.worth(order) == (39, 3_920)
    assert town.receipt(order) == [("line", 1_920, 19), ("line", 2_000, 20)]


def test_an_added_line_earns_when_it_is_paid(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.edit(order.id, add=[CartLine(town.variant(2), 1)])
    town.tell_the_rest()

    # The oolong at $7.20 is not paid; what was paid stands.
    assert town.order(order).financial_status == "partially_paid"
    assert town.worth(order) == (68, 6_800)
    assert town.receipt(order)[-1] == ("unpaid_part", -720, 0)

    town.store.orders.pay(order.id)
    town.tell_the_rest()
    assert town.worth(order) == (75, 7_520)
    assert town.balances(mali) == (75, 0)


def test_an_order_edited_up_and_then_down_again_is_worth_what_it_was(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.edit(order.id, {order.lines[0].id: 12})
    town.tell()
    town.store.orders.edit(order.id, {order.lines[0].id: 10})
    town.tell_the_rest()

    assert town.worth(order) == (68, 6_800)


def test_cancelling_after_payment_takes_the_points_back(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.cancel(order.id)
    town.tell_the_rest()

    assert town.worth(order) == (0, 0)
    assert town.receipt(order) == [("cancelled", 0, 0)]
    assert town.balances(mali) == (0, 0)


def test_cancelling_before_payment_earns_nothing(town, mali):
    order = town.buy(mali, 10, 5, mark_paid=False)
    town.tell()
    town.store.orders.cancel(order.id)
    town.tell_the_rest()

    assert town.worth(order) == (None, 0)


def test_cancelling_without_paying_back_takes_the_points_all_the_same(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.cancel(order.id, refund=False)
    town.tell_the_rest()

    assert town.worth(order) == (0, 0)


def test_archiving_and_reopening_changes_nothing(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.archive(order.id)
    town.tell_the_rest()
    assert town.worth(order) == (68, 6_800)

    town.store.orders.reopen(order.id)
    town.tell_the_rest()
    assert town.worth(order) == (68, 6_800)
    assert town.balances(mali) == (68, 0)


def test_an_order_that_is_only_heard_of_when_it_is_archived_earns(town, mali):
    order = town.buy(mali, 10, 5)
    town.store.orders.archive(order.id)
    # Everything but the last webhook is lost.
    town.store.database.connection().execute(
        "DELETE FROM event WHERE id < (SELECT max(id) FROM event)"
    )
    town.tell_the_rest()

    assert town.worth(order) == (68, 6_800)


def test_a_deleted_order_is_worth_nothing(town, mali):
    order = town.buy(mali, 10, 5)
    town.tell()
    town.store.orders.delete(order.id)
    town.tell_the_rest()

    assert town.worth(order) == (0, 0)
    assert town.receipt(order) == [("deleted", 0, 0)]
    assert town.balances(mali) == (0, 0)


def test_a_test_order_earns_nothing(town, mali):
    order = town.buy(mali, 10, 5, test=True)
    town.tell_the_rest()

    assert town.worth(order) in ((None, None), (None, 0))
    assert town.balances(mali) == (0, 0)


def test_a_draft_completed_unpaid_and_paid_by_invoice_a_week_later_earns_then(town, mali):
    order = town.buy(mali, 10, 5, mark_paid=False, source_name="shopify_draft_order")
    town.tell()
    town.later(days=7)
    town.store.orders.pay(order.id)
    town.tell_the_rest()

    assert town.worth(order) == (68, 6_800)
    assert town.balances(mali) == (68, 0)


def test_an_order_for_nothing_earns_nothing(town, mali):
    order = town.buy(mali, 10, discount_codes=[free_code(town)])
    town.tell_the_rest()

    assert town.order(order).financial_status == "paid"
    assert town.worth(order) == (0, 0)
    assert town.receipt(order) == [("free", 0, 0)]


def test_an_order_paid_by_gift_card_earns_as_any_other(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(gift_card_minor=5_000))
    town.tell_the_rest()

    assert [each.gateway for each in town.order(order).transactions] == ["gift_card", "bogus"]
    assert town.worth(order) == (68, 6_800)


def test_buying_a_gift_card_earns_nothing(town, mali):
    gift_card = town.store.products.all()[-1].variants[0]
    order = town.store.orders.place(
        mali.id, [CartLine(town.variant(0), 10), CartLine(gift_card.id, 1)]
    )
    town.tell_the_rest()

    assert town.worth(order) == (48, 4_800)
    assert town.receipt(order) == [("line", 4_800, 48), ("gift_card", 0, 0)]


def test_an_order_paid_in_yen_earns_by_the_shops_dollars(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(presentment_currency="JPY"))
    town.tell_the_rest()

    assert town.order(order).presentment(6_800) == 6_800
    assert town.worth(order) == (68, 6_800)


def test_a_refund_paid_out_in_another_currency_takes_the_shops_dollars(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(presentment_currency="THB"))
    town.tell()
    town.store.orders.refund(order.id, amount_minor=3_400)
    town.tell_the_rest()

    assert town.order(order).presentment(3_400) == 85_000
    assert town.worth(order) == (34, 3_400)


def test_duties_do_not_count(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(duty_bp=1_000))
    town.tell_the_rest()

    assert town.order(order).paid_minor == 6_800 + 680
    assert town.worth(order) == (68, 6_800)
    assert town.receipt(order) == SIXTY_EIGHT


def test_duties_given_back_with_a_line_take_no_more_than_the_line(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(duty_bp=1_000))
    town.tell()
    town.store.orders.refund(order.id, [(order.lines[0].id, 5)])
    town.tell_the_rest()

    assert town.order(order).refunded_minor == 2_400 + 240
    assert town.worth(order) == (44, 4_400)


def test_tips_do_not_count(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(tip_minor=1_000))
    town.tell_the_rest()

    assert town.order(order).paid_minor == 7_800
    assert town.worth(order) == (68, 6_800)
    assert town.receipt(order) == [*SIXTY_EIGHT, ("tip", 0, 0)]


def test_tips_do_not_count_after_an_edit_that_has_to_be_fetched(town, mali):
    order = town.buy(mali, 10, 5, terms=Terms(tip_minor=1_000))
    town.tell()
    town.store.orders.edit(order.id, {order.lines[1].id: 0})
    town.tell_the_rest()

    assert town.worth(order) == (48, 4_800)
    assert town.receipt(order) == [("line", 4_800, 48), ("removed", 0, 0), ("tip", 0, 0)]


def test_tax_and_shipping_do_not_count_unless_the_rules_say_so(shop, delivery):
    town = shop(delivery, tax_bp=700, taxes_included=False)
    mali = town.customer()
    order = town.buy(mali, 10, 5, shipping=Shipping("Post", 500))
    town.tell_the_rest()

    assert town.order(order).paid_minor == 6_800 + 476 + 500 + 35
    assert town.worth(order) == (68, 6_800)


def test_tax_and_shipping_count_where_the_rules_say_so(shop, delivery):
    rules = ProgramRules(sign_up_points=0, include_tax=True, include_shipping=True)
    town = shop(delivery, rules, tax_bp=700, taxes_included=False)
    mali = town.customer()
    order = town.buy(mali, 10, 5, shipping=Shipping("Post", 500))
    town.tell_the_rest()

    assert town.worth(order) == (78, 7_811)


def free_code(town):
    """Make a code that takes everything off."""

    def build(discount_id, now):
        return Discount(
            id=discount_id, code="FREE", title="Free", kind="basic", starts_at=now, ends_at=None,
            created_at=now, updated_at=now, percentage_bp=10_000,
        )  # fmt: skip

    return town.store.discounts.create(build).code
