"""Pages that change an order's money or items: refund, return, edit."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.choices import variant_choices
from devstore.back_office.order_forms import (
    EditForm,
    RefundForm,
    read_edit_form,
    read_refund_form,
)
from devstore.back_office.order_pages import find_order, order_page
from devstore.back_office.return_form import PAYOUTS, ReturnForm, read_return_form
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.order import Order
from devstore.store.orders import OrderClosed
from devstore.store.refunding import RefundTooLarge


def add_order_changes(pages: Blueprint, services: Services) -> None:
    """Add the forms that change orders to the back office."""
    _add_refund(pages, services)
    _add_return(pages, services)
    _add_edit(pages, services)


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
    if form.kind == "whole":
        orders.refund_rest(order.id, restock=form.restock, gateway=form.gateway)
        return
    chosen = [(line_id, units) for line_id, units in form.quantities.items() if units]
    orders.refund(
        order.id,
        chosen if form.kind == "lines" else (),
        amount_minor=form.amount_minor if form.kind == "amount" else None,
        shipping_minor=order.current_shipping_minor if form.kind == "shipping" else 0,
        restock=form.restock,
        note=form.note or None,
        gateway=form.gateway,
        pending=form.pending,
    )


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


def _add_return(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/orders/<int:order_id>/return")
    def return_form(order_id: int) -> ResponseReturnValue:
        return _return_page(services, find_order(services, order_id), ReturnForm())

    @pages.post("/admin/orders/<int:order_id>/return")
    def take_back(order_id: int) -> ResponseReturnValue:
        order = find_order(services, order_id)
        form = read_return_form(request.form, order)
        if form.errors:
            return _return_page(services, order, form)
        try:
            services.store.orders.take_back(
                order_id, form.units(), form.exchanged_for(), form.paid_out()
            )
        except OrderClosed:
            return order_page(services, order, "The order is cancelled, so it stays as it is.")
        return redirect(f"/admin/orders/{order_id}?done=returned", 303)


def _return_page(services: Services, order: Order, form: ReturnForm) -> ResponseReturnValue:
    return render_page(
        services,
        "back_office/return.html",
        422 if form.errors else 200,
        order=order,
        form=form,
        payouts=PAYOUTS,
        variants=variant_choices(services),
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
