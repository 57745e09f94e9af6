"""Pages of the shop's orders: list, one order, and what may be done to it."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.order import Order
from devstore.store.orders import OrderClosed
from devstore.store.paying import WrongAmount

PAGE_SIZE = 50

DONE = {
    "created": "Order placed.",
    "pay": "Marked as paid.",
    "fulfil": "Marked as fulfilled.",
    "cancel": "Order cancelled.",
    "refunded": "Refunded.",
    "edited": "Order updated.",
    "returned": "Return processed.",
    "paid_part": "Payment taken.",
    "moved": "Customer changed.",
    "capture": "Payment captured.",
    "void": "Authorisation released.",
    "archive": "Order archived.",
    "reopen": "Order reopened.",
    "settled": "The refund has arrived.",
    "deleted": "Order deleted.",
}


def add_order_pages(pages: Blueprint, services: Services) -> None:
    """Add the list of orders and the page of one to the back office."""
    _add_list(pages, services)
    _add_one(pages, services)


def find_order(services: Services, order_id: int) -> Order:
    """Return an order, or answer 404."""
    order = services.store.orders.get(order_id)
    return order if order is not None else abort(404)


def order_page(services: Services, order: Order, problem: str | None = None) -> ResponseReturnValue:
    """Return the page of one order, with what stood in the way if anything did."""
    customers = services.store.customers
    return render_page(
        services,
        "back_office/order.html",
        409 if problem else 200,
        order=order,
        customer=customers.get(order.customer_id) if order.customer_id else None,
        refund_names={line.id: line.title for line in order.lines},
        problem=problem,
        done=DONE.get(request.args.get("done", "")),
    )


def _add_list(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/orders")
    def order_list() -> ResponseReturnValue:
        words = request.args.get("q", "").strip()
        page = max(request.args.get("page", 1, type=int), 1)
        orders = services.store.orders
        found = _search(services, words) if words else orders.all(PAGE_SIZE, (page - 1) * PAGE_SIZE)
        return render_page(
            services,
            "back_office/orders.html",
            orders=found,
            names=_customer_names(services, found),
            words=words,
            page=page,
            more=not words and page * PAGE_SIZE < orders.count(),
            count=orders.count(),
            done=DONE.get(request.args.get("done", "")),
        )


def _add_one(pages: Blueprint, services: Services) -> None:
    orders = services.store.orders

    @pages.get("/admin/orders/<int:order_id>")
    def show_order(order_id: int) -> ResponseReturnValue:
        return order_page(services, find_order(services, order_id))

    actions: dict[str, Callable[[int], object]] = {
        "pay": orders.pay,
        "fulfil": orders.fulfil,
        "cancel": orders.cancel,
        "capture": orders.capture,
        "void": orders.void,
        "archive": orders.archive,
        "reopen": orders.reopen,
    }

    @pages.post(
        "/admin/orders/<int:order_id>"
        "/<any(pay, fulfil, cancel, capture, void, archive, reopen):action>"
    )
    def change_order(order_id: int, action: str) -> ResponseReturnValue:
        order = find_order(services, order_id)
        try:
            actions[action](order_id)
        except OrderClosed:
            return order_page(services, order, "The order is cancelled, so it stays as it is.")
        except WrongAmount:
            return order_page(services, order, "Nothing is authorised.")
        return redirect(f"/admin/orders/{order_id}?done={action}", 303)

    @pages.post("/admin/orders/<int:order_id>/refunds/<int:refund_id>/settle")
    def settle_refund(order_id: int, refund_id: int) -> ResponseReturnValue:
        orders.settle_refund(find_order(services, order_id).id, refund_id)
        return redirect(f"/admin/orders/{order_id}?done=settled", 303)

    @pages.post("/admin/orders/<int:order_id>/delete")
    def delete_order(order_id: int) -> ResponseReturnValue:
        orders.delete(find_order(services, order_id).id)
        return redirect("/admin/orders?done=deleted", 303)


def _search(services: Services, words: str) -> list[Order]:
    """Return orders by number, or those of customers found by name or email."""
    orders = services.store.orders
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit():
        named = orders.by_number(int(number))
        return [named] if named else []
    customers = services.store.customers.search(words)
    found = [order for each in customers for order in orders.all(customer_id=each.id)]
    return sorted(found, key=lambda order: order.processed_at, reverse=True)[:PAGE_SIZE]


def _customer_names(services: Services, orders: list[Order]) -> dict[int, str]:
    ids = {order.customer_id for order in orders if order.customer_id is not None}
    customers = (services.store.customers.get(customer_id) for customer_id in ids)
    return {customer.id: customer.name for customer in customers if customer is not None}
