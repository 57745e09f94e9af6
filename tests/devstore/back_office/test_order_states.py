"""The back office brings orders into every state, over HTTP as a browser without scripts would."""

import pytest

from devstore.store import CartLine, Shipping
from devstore.store.terms import Terms


@pytest.fixture
def order(services, mali, tea):
    """Four packets of tea for ฿120 each, paid, and ฿50 for sending them."""
    return services.store.orders.place(
        mali.id, [CartLine(tea.id, 4)], shipping=Shipping("Standard", 5_000)
    )


def now(services, order):
    return services.store.orders.require(order.id)


def placed(services, web, tea, **fields):
    web.post("/admin/orders/new", data={f"quantity-{tea.id}": "2", "payment": "paid"} | fields)
    return services.store.orders.all()[0]


def test_an_authorised_order_is_captured_in_two_parts(services, web, tea):
    order = placed(services, web, tea, payment="authorized")
    assert order.financial_status == "authorized"

    web.post(f"/admin/orders/{order.id}/payment", data={"amount": "100"})
    assert now(services, order).financial_status == "partially_paid"

    web.post(f"/admin/orders/{order.id}/capture")
    assert now(services, order).financial_status == "paid"


def test_an_authorisation_is_released(services, web, tea):
    order = placed(services, web, tea, payment="authorized")

    web.post(f"/admin/orders/{order.id}/void")
    again = web.post(f"/admin/orders/{order.id}/void")

    assert now(services, order).financial_status == "voided"
    assert again.status_code == 409
    assert "Nothing is authorised." in again.text


def test_an_unpaid_order_is_paid_in_parts(services, web, tea):
    order = placed(services, web, tea, payment="pending")

    web.post(f"/admin/orders/{order.id}/payment", data={"amount": "40"})

    assert now(services, order).outstanding_minor == 20_000
    assert "฿200.00" in web.get(f"/admin/orders/{order.id}").text


@pytest.mark.parametrize("amount", ["", "0", "much", "240.01"])
def test_an_impossible_payment_is_refused_beside_its_field(services, web, tea, amount):
    order = placed(services, web, tea, payment="pending")

    answer = web.post(f"/admin/orders/{order.id}/payment", data={"amount": amount})

    assert answer.status_code == 422
    assert 'error="Enter an amount' in answer.text
    assert now(services, order).paid_minor == 0


def test_a_paid_order_has_nothing_left_to_be_paid(web, order):
    answer = web.get(f"/admin/orders/{order.id}/payment")

    assert answer.status_code == 409
    assert "Nothing is left to be paid" in answer.text


def test_an_order_at_the_till_by_gift_card_with_a_tip(services, web, tea):
    order = placed(services, web, tea, place="pos", gift_card="100", tip="20")

    assert (order.source_name, order.fulfillment_status) == ("pos", "fulfilled")
    assert [each.gateway for each in order.transactions] == ["gift_card", "cash"]
    assert (order.subtotal_minor, order.tip_minor, order.total_minor) == (24_000, 2_000, 26_000)
    assert "Point of sale" in web.get(f"/admin/orders/{order.id}").text


def test_an_order_in_dollars_with_duties(services, web, tea):
    order = placed(services, web, tea, currency="USD", duties="1")

    page = web.get(f"/admin/orders/{order.id}").text
    # ฿240 and a tenth of it in duties, at ฿25 a dollar.
    assert order.total_minor == 26_400
    assert "$10.56" in page
    assert "Duties" in page


def test_a_currency_that_is_not_sold_in_is_the_shops(services, web, tea):
    assert placed(services, web, tea, currency="XXX").presentment_currency is None


def test_a_guests_email_makes_a_customer_who_opens_an_account_later(services, web, tea):
    order = placed(services, web, tea, email="guest@example.com")
    page = web.get(f"/admin/customers/{order.customer_id}").text
    assert "Open an account" in page

    web.post(f"/admin/customers/{order.customer_id}/activate")

    assert services.store.customers.require(order.customer_id).state == "enabled"
    assert "Open an account" not in web.get(f"/admin/customers/{order.customer_id}").text


def test_shipping_only_is_refunded(services, web, order):
    web.post(f"/admin/orders/{order.id}/refund", data={"kind": "shipping"})

    after = now(services, order)
    assert (after.refunded_minor, after.current_shipping_minor) == (5_000, 0)
    assert after.lines[0].current_quantity == 4
    assert "Shipping only" not in web.get(f"/admin/orders/{order.id}/refund").text


def test_a_refund_goes_to_store_credit(services, web, order):
    web.post(
        f"/admin/orders/{order.id}/refund", data={"kind": "amount", "amount": "100", "credit": "1"}
    )

    assert now(services, order).transactions[-1].gateway == "shopify_store_credit"
    assert "by store credit" in web.get(f"/admin/orders/{order.id}").text


def test_a_refund_on_its_way_arrives(services, web, order):
    web.post(
        f"/admin/orders/{order.id}/refund",
        data={"kind": "lines", f"quantity-{order.lines[0].id}": "1", "pending": "1"},
    )
    refund = now(services, order).refunds[0]
    assert "on its way" in web.get(f"/admin/orders/{order.id}").text

    web.post(f"/admin/orders/{order.id}/refunds/{refund.id}/settle")

    assert not now(services, order).refunds[0].pending
    assert now(services, order).transactions[-1].status == "success"


def test_goods_come_back_for_other_goods(services, web, order):
    soap = services.store.products.all()[6].variants[0]

    web.post(
        f"/admin/orders/{order.id}/return",
        data={
            f"quantity-{order.lines[0].id}": "2",
            "exchange_variant": soap.id,
            "exchange_quantity": "1",
        },
    )

    after = now(services, order)
    assert [line.current_quantity for line in after.lines] == [2, 1]
    # ฿240 came back, ฿80 went out.
    assert after.refunded_minor == 16_000
    assert "Exchange" in web.get(f"/admin/orders/{order.id}").text


def test_goods_come_back_and_are_paid_back_later(services, web, order):
    web.post(
        f"/admin/orders/{order.id}/return",
        data={f"quantity-{order.lines[0].id}": "1", "payout": "later"},
    )

    after = now(services, order)
    assert (after.lines[0].current_quantity, after.refunded_minor) == (3, 0)


@pytest.mark.parametrize(
    ("units", "problem"), [("0", "Choose at least one item"), ("5", "Only 4 left")]
)
def test_an_impossible_return_is_refused(services, web, order, units, problem):
    answer = web.post(
        f"/admin/orders/{order.id}/return", data={f"quantity-{order.lines[0].id}": units}
    )

    assert answer.status_code == 422
    assert problem in answer.text
    assert now(services, order).returns == ()


def test_an_order_is_archived_and_reopened(services, web, order):
    web.post(f"/admin/orders/{order.id}/archive")
    assert now(services, order).closed_at is not None
    assert "Archived" in web.get("/admin/orders").text

    web.post(f"/admin/orders/{order.id}/reopen")
    assert now(services, order).closed_at is None


def test_an_order_is_given_to_another_customer_and_to_nobody(services, web, order):
    anan = services.store.customers.create(first_name="Anan")

    web.post(f"/admin/orders/{order.id}/customer", data={"customer": anan.id})
    assert now(services, order).customer_id == anan.id

    web.post(f"/admin/orders/{order.id}/customer", data={"customer": ""})
    assert now(services, order).customer_id is None


def test_an_order_is_not_given_to_a_customer_who_is_gone(services, web, order, mali):
    answer = web.post(f"/admin/orders/{order.id}/customer", data={"customer": "77"})

    assert answer.status_code == 409
    assert now(services, order).customer_id == mali.id


def test_products_change_collections_with_their_tags(services, web):
    jasmine = services.store.products.all()[0]
    assert "Teas, Bestsellers" in web.get("/admin/products").text

    web.post(f"/admin/products/{jasmine.id}", data={"tags": "gift, new ,"})

    changed = services.store.products.get(jasmine.id)
    assert changed.tags == ("gift", "new")
    assert [each.title for each in changed.collections] == ["Gifts"]


def test_a_page_says_what_was_authorised(services, web, mali, tea):
    order = services.store.orders.place(mali.id, [CartLine(tea.id, 1)], terms=Terms(authorize=True))

    page = web.get(f"/admin/orders/{order.id}").text

    assert "Capture payment" in page
    assert "Release the authorisation" in page
