"""Pages that change an order's money or items: refund, edit, and placing a new one."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.choices import variant_choices
from devstore.back_office.order_forms import (
    EditForm,
    NewOrderForm,
    RefundForm,
    read_edit_form,
    read_new_order_form,
    read_refund_form,
)
from devstore.back_office.order_pages import find_order, order_page
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.order import Order
from devstore.store.ordering import CodesRefused
from devstore.store.orders import OrderClosed
from devstore.store.refunding import RefundTooLarge

MOST_CUSTOMERS = 200


def add_order_changes(pages: Blueprint, services: Services) -> None:
    """Add the forms that change orders to the back office."""
    _add_refund(pages, services)
    _add_edit(pages, services)
    _add_new(pages, services)


def _add_refund(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/orders/<int:order_id>/refund")
    def refund_form(order_id: int) -> ResponseReturnValue:
        return _refund_page(services, find_order(services, order_id), RefundForm())

    @pages.post("/admin/orders/<int:order_id>/refund")
    def refund(order_id: int) -> ResponseReturnValue:
        order = find_order(services, order_id)
        form = read_refund_form(request.form, order)
        if not form.errors:
            try:
                _refund(services, order, form)
                return redirect(f"/admin/orders/{order_id}?done=refunded", 303)
            except RefundTooLarge:
                form.errors["form"] = "That is more than is left of this order."
        return _refund_page(services, order, form)


def _refund(services: Services, order: Order, form: RefundForm) -> None:
    orders = services.store.orders
    note = form.note or None
    if form.kind == "lines":
        chosen = [(line_id, units) for line_id, units in form.quantities.items() if units]
        orders.refund(order.id, chosen, restock=form.restock, note=note)
    elif form.kind == "amount":
        orders.refund(order.id, amount_minor=form.amount_minor, restock=form.restock, note=note)
    else:
        orders.refund_rest(order.id, restock=form.restock)


def _refund_page(services: Services, order: Order, form: RefundForm) -> ResponseReturnValue:
    left_minor = order.paid_minor - order.refunded_minor
    if left_minor == 0:
        return order_page(services, order, "Nothing is left to refund.")
    return render_page(
        services,
        "back_office/refund.html",
        422 if form.errors else 200,
        order=order,
        form=form,
        refundable_minor=left_minor,
    )


def _add_edit(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/orders/<int:order_id>/edit")
    def edit_form(order_id: int) -> ResponseReturnValue:
        return _edit_page(services, find_order(services, order_id), EditForm())

    @pages.post("/admin/orders/<int:order_id>/edit")
    def edit(order_id: int) -> ResponseReturnValue:
        order = find_order(services, order_id)
        form = read_edit_form(request.form, order)
        if form.errors:
            return _edit_page(services, order, form)
        try:
            services.store.orders.edit(order_id, form.quantities, form.added())
        except OrderClosed:
            return order_page(services, order, "The order is cancelled, so it stays as it is.")
        return redirect(f"/admin/orders/{order_id}?done=edited", 303)


def _edit_page(services: Services, order: Order, form: EditForm) -> ResponseReturnValue:
    return render_page(
        services,
        "back_office/edit_order.html",
        422 if form.errors else 200,
        order=order,
        form=form,
        variants=variant_choices(services),
    )


def _add_new(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/orders/new")
    def new_order() -> ResponseReturnValue:
        form = NewOrderForm(customer=request.args.get("customer", type=int))
        return _new_page(services, form)

    @pages.post("/admin/orders/new")
    def place_order() -> ResponseReturnValue:
        variant_ids = [variant.id for variant in variant_choices(services)]
        form = read_new_order_form(request.form, variant_ids)
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
        mark_paid=form.paid,
        test=form.test,
        source_name="shopify_draft_order",
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
        form=form,
    )
