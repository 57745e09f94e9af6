"""The back office's pages of orders, over HTTP as a browser without scripts would use them."""

import pytest

from devstore.store import CartLine, Shipping


@pytest.fixture
def order(services, mali, tea):
    return services.store.orders.place(
        mali.id, [CartLine(tea.id, 4)], shipping=Shipping("Standard", 5000)
    )


def now(services, order):
    return services.store.orders.require(order.id)


def test_the_list_shows_each_order_with_its_customer(web, order):
    page = web.get("/admin/orders").text

    assert order.name in page
    assert "Mali" in page


def test_an_order_is_found_by_its_number(web, order):
    found = web.get(f"/admin/orders?q=%23{order.number}").text

    assert f"/admin/orders/{order.id}" in found
    assert "No order matches" in web.get("/admin/orders?q=%239999").text


def test_an_order_is_found_by_its_customer(web, order):
    assert f"/admin/orders/{order.id}" in web.get("/admin/orders?q=mali").text


def test_an_unknown_order_is_not_found(web):
    assert web.get("/admin/orders/77").status_code == 404


def test_an_empty_shop_says_what_will_be_here(web):
    assert "Your orders will be here" in web.get("/admin/orders").text


def test_money_is_shown_in_the_shops_currency(web, order):
    page = web.get(f"/admin/orders/{order.id}").text

    # Four packets of ฿120 and ฿50 for sending them.
    assert "฿530.00" in page


def test_an_unpaid_order_is_paid(services, web, mali, tea):
    order = services.store.orders.place(mali.id, [CartLine(tea.id, 1)], mark_paid=False)

    answer = web.post(f"/admin/orders/{order.id}/pay")

    assert answer.status_code == 303
    assert now(services, order).financial_status == "paid"


def test_a_whole_refund_gives_everything_back(services, web, order):
    web.post(f"/admin/orders/{order.id}/refund", data={"kind": "whole", "restock": "1"})

    after = now(services, order)
    assert after.financial_status == "refunded"
    assert after.refunded_minor == 53_000
    assert after.lines[0].current_quantity == 0


def test_a_refund_by_line_gives_back_those_units(services, web, order):
    line = order.lines[0]

    web.post(
        f"/admin/orders/{order.id}/refund",
        data={"kind": "lines", f"quantity-{line.id}": "3", "restock": "1"},
    )

    after = now(services, order)
    assert after.refunded_minor == 36_000
    assert after.lines[0].current_quantity == 1
    assert after.refunds[0].lines[0].restock


def test_a_refund_without_restock_says_so(services, web, order):
    line = order.lines[0]

    web.post(f"/admin/orders/{order.id}/refund", data={"kind": "lines", f"quantity-{line.id}": "1"})

    assert not now(services, order).refunds[0].lines[0].restock


def test_a_refund_of_an_amount_takes_no_items_back(services, web, order):
    web.post(f"/admin/orders/{order.id}/refund", data={"kind": "amount", "amount": "99.50"})

    after = now(services, order)
    assert after.refunded_minor == 9_950
    assert after.lines[0].current_quantity == 4


@pytest.mark.parametrize("amount", ["", "much", "0", "-5", "530.01", "1.005"])
def test_an_impossible_amount_is_refused_beside_its_field(services, web, order, amount):
    answer = web.post(f"/admin/orders/{order.id}/refund", data={"kind": "amount", "amount": amount})

    assert answer.status_code == 422
    assert 'error="Enter an amount' in answer.text
    assert now(services, order).refunds == ()


@pytest.mark.parametrize("units", ["5", "-1", "two"])
def test_more_units_than_there_are_are_refused(services, web, order, units):
    line = order.lines[0]

    answer = web.post(
        f"/admin/orders/{order.id}/refund", data={"kind": "lines", f"quantity-{line.id}": units}
    )

    assert answer.status_code == 422
    assert now(services, order).refunds == ()


def test_a_fully_refunded_order_has_nothing_left_to_refund(web, order):
    web.post(f"/admin/orders/{order.id}/refund", data={"kind": "whole"})

    answer = web.get(f"/admin/orders/{order.id}/refund")

    assert answer.status_code == 409
    assert "Nothing is left to refund" in answer.text


def test_an_edit_changes_quantities_and_adds_items(services, web, order):
    line = order.lines[0]
    soap = services.store.products.all()[6].variants[0]

    web.post(
        f"/admin/orders/{order.id}/edit",
        data={f"quantity-{line.id}": "2", "added_variant": soap.id, "added_quantity": "1"},
    )

    after = now(services, order)
    assert [each.current_quantity for each in after.lines] == [2, 1]
    assert after.edited_at is not None


def test_a_line_edited_to_nothing_is_removed(services, web, order):
    line = order.lines[0]

    web.post(f"/admin/orders/{order.id}/edit", data={f"quantity-{line.id}": "0"})

    assert now(services, order).lines[0].current_quantity == 0


def test_a_cancelled_order_cannot_be_changed(services, web, order):
    web.post(f"/admin/orders/{order.id}/cancel")

    answer = web.post(f"/admin/orders/{order.id}/edit", data={})

    assert now(services, order).cancelled_at is not None
    assert answer.status_code == 409
    assert "stays as it is" in answer.text


def test_a_deleted_order_is_gone(services, web, order):
    answer = web.post(f"/admin/orders/{order.id}/delete")

    assert answer.location == "/admin/orders?done=deleted"
    assert services.store.orders.get(order.id) is None


def test_a_new_order_is_placed_for_a_customer(services, web, mali, tea):
    answer = web.post(
        "/admin/orders/new",
        data={"customer": mali.id, f"quantity-{tea.id}": "2", "test": "1"},
    )

    placed = services.store.orders.all()[0]
    assert answer.location == f"/admin/orders/{placed.id}?done=created"
    assert (placed.customer_id, placed.test, placed.financial_status) == (mali.id, True, "pending")


def test_an_order_without_items_is_refused(services, web, mali):
    answer = web.post("/admin/orders/new", data={"customer": mali.id, "paid": "1"})

    assert answer.status_code == 422
    assert "Choose at least one item" in answer.text
    assert services.store.orders.count() == 0


def test_a_code_that_does_not_apply_is_refused_beside_its_field(web, mali, tea):
    answer = web.post(
        "/admin/orders/new", data={"customer": mali.id, f"quantity-{tea.id}": "1", "code": "NONE"}
    )

    assert answer.status_code == 422
    field = answer.text.partition('name="code"')[2].partition(">")[0]
    assert 'value="NONE"' in field
    assert 'error=""' not in field
