"""Pages that take a payment of an order in parts, and that give an order to somebody else."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.amounts import Errors, read_amount
from devstore.back_office.order_pages import find_order, order_page
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.order import Order
from devstore.store.orders import OrderClosed

MOST_CUSTOMERS = 200


def add_order_payment(pages: Blueprint, services: Services) -> None:
    """Add the forms for payments and for an order's customer to the back office."""
    _add_payment(pages, services)
    _add_customer(pages, services)


def _add_payment(pages: Blueprint, services: Services) -> None:
    orders = services.store.orders

    @pages.get("/admin/orders/<int:order_id>/payment")
    def payment_form(order_id: int) -> ResponseReturnValue:
        order = find_order(services, order_id)
        if _due(order) == 0:
            return order_page(services, order, "Nothing is left to be paid.")
        return _payment_page(services, order, "", {})

    @pages.post("/admin/orders/<int:order_id>/payment")
    def take_payment(order_id: int) -> ResponseReturnValue:
        order = find_order(services, order_id)
        typed = request.form.get("amount", "")
        errors: Errors = {}
        amount_minor = read_amount(typed, order.currency, _due(order), errors, "amount")
        if not amount_minor and not errors:
            errors["amount"] = "Enter an amount such as 120"
        if errors:
            return _payment_page(services, order, typed, errors)
        try:
            if order.authorized_minor:
                orders.capture(order_id, amount_minor)
            else:
                orders.pay_part(order_id, amount_minor)
        except OrderClosed:
            return order_page(services, order, "The order is cancelled, so it stays as it is.")
        return redirect(f"/admin/orders/{order_id}?done=paid_part", 303)


def _due(order: Order) -> int:
    """Return what may be taken: what was authorised, else what is outstanding."""
    return min(order.authorized_minor, order.outstanding_minor) or order.outstanding_minor


def _payment_page(
    services: Services, order: Order, typed: str, errors: Errors
) -> ResponseReturnValue:
    return render_page(
        services,
        "back_office/payment.html",
        422 if errors else 200,
        order=order,
        typed=typed,
        errors=errors,
        due_minor=_due(order),
    )


def _add_customer(pages: Blueprint, services: Services) -> None:
    store = services.store

    @pages.get("/admin/orders/<int:order_id>/customer")
    def customer_form(order_id: int) -> ResponseReturnValue:
        return render_page(
            services,
            "back_office/order_customer.html",
            order=find_order(services, order_id),
            customers=store.customers.all(MOST_CUSTOMERS),
        )

    @pages.post("/admin/orders/<int:order_id>/customer")
    def move_order(order_id: int) -> ResponseReturnValue:
        order = find_order(services, order_id)
        customer_id = request.form.get("customer", type=int)
        if customer_id is not None and store.customers.get(customer_id) is None:
            return order_page(services, order, "There is no such customer any more.")
        store.orders.move(order_id, customer_id)
        return redirect(f"/admin/orders/{order_id}?done=moved", 303)
