"""The page that places an order for a customer, a guest, or nobody."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.choices import variant_choices
from devstore.back_office.new_order_form import (
    PAYMENTS,
    PLACES,
    NewOrderForm,
    read_new_order_form,
)
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.order import Order
from devstore.store.ordering import CodesRefused

MOST_CUSTOMERS = 200
SOLD_IN = ("EUR", "GBP", "JPY", "SGD", "THB", "USD")


def add_new_order(pages: Blueprint, services: Services) -> None:
    """Add the form that places an order to the back office."""

    @pages.get("/admin/orders/new")
    def new_order() -> ResponseReturnValue:
        form = NewOrderForm(customer=request.args.get("customer", type=int))
        return _new_page(services, form)

    @pages.post("/admin/orders/new")
    def place_order() -> ResponseReturnValue:
        variant_ids = [variant.id for variant in variant_choices(services)]
        currency = services.store.shop.currency
        form = read_new_order_form(request.form, variant_ids, currency, currencies(services))
        if not form.errors:
            try:
                order = _place(services, form)
                return redirect(f"/admin/orders/{order.id}?done=created", 303)
            except CodesRefused as refused:
                form.errors["code"] = refused.refusals[0].message
        return _new_page(services, form)


def _place(services: Services, form: NewOrderForm) -> Order:
    return services.store.orders.place(
        form.customer,
        form.lines(),
        discount_codes=[form.code] if form.code else [],
        mark_paid=form.payment != "pending",
        test=form.test,
        source_name=form.place,
        email=form.email or None,
        terms=form.terms(),
    )


def _new_page(services: Services, form: NewOrderForm) -> ResponseReturnValue:
    customers = services.store.customers.all(MOST_CUSTOMERS)
    chosen = services.store.customers.get(form.customer) if form.customer else None
    if chosen and chosen.id not in {customer.id for customer in customers}:
        customers = [chosen, *customers]
    return render_page(
        services,
        "back_office/new_order.html",
        422 if form.errors else 200,
        customers=customers,
        variants=variant_choices(services),
        payments=PAYMENTS,
        places=PLACES,
        currencies=currencies(services),
        form=form,
    )


def currencies(services: Services) -> tuple[str, ...]:
    """Return the other currencies that the shop sells in."""
    return tuple(each for each in SOLD_IN if each != services.store.shop.currency)
