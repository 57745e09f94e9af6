"""Pages of the shop's customers: list, one customer, create, change, delete, merge."""

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.customer_form import (
    LOCALES,
    CustomerForm,
    blank_or,
    read_customer_form,
)
from devstore.back_office.spending import spending_of
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.customers import Customer, CustomerHasOrders, EmailTaken, UnknownCustomer

PAGE_SIZE = 50

DONE = {
    "created": "Customer added.",
    "saved": "Customer saved.",
    "merged": "Merged. The other record is gone; its orders are here now.",
    "deleted": "Customer deleted.",
    "data_request": "The app was asked for this customer's data.",
    "redacted": "The app was asked to erase this customer's data.",
    "activated": "The guest has an account now.",
}


def add_customer_pages(pages: Blueprint, services: Services) -> None:
    """Add the pages of customers to the back office."""
    _add_list(pages, services)
    _add_one(pages, services)
    _add_changes(pages, services)
    _add_privacy(pages, services)


def _add_list(pages: Blueprint, services: Services) -> None:
    customers = services.store.customers

    @pages.get("/admin/customers")
    def customer_list() -> ResponseReturnValue:
        words = request.args.get("q", "").strip()
        page = max(request.args.get("page", 1, type=int), 1)
        found = (
            customers.search(words, PAGE_SIZE)
            if words
            else customers.all(PAGE_SIZE, (page - 1) * PAGE_SIZE)
        )
        return render_page(
            services,
            "back_office/customers.html",
            customers=found,
            words=words,
            page=page,
            more=not words and page * PAGE_SIZE < customers.count(),
            count=customers.count(),
            spending={customer.id: spending_of(services, customer.id) for customer in found},
            done=DONE.get(request.args.get("done", "")),
        )

    @pages.get("/admin/customers/new")
    def new_customer() -> ResponseReturnValue:
        return _edit_page(services, None, CustomerForm())

    @pages.post("/admin/customers/new")
    def create_customer() -> ResponseReturnValue:
        form = read_customer_form(request.form)
        if not form.errors:
            try:
                customer = customers.create(**form.values())  # type: ignore[arg-type]
                _buy_for(services, customer.id, form.company)
                return redirect(f"/admin/customers/{customer.id}?done=created", 303)
            except EmailTaken:
                form.errors["email"] = "Another customer has this email already"
        return _edit_page(services, None, form)


def _add_one(pages: Blueprint, services: Services) -> None:
    @pages.get("/admin/customers/<int:customer_id>")
    def customer_page(customer_id: int) -> ResponseReturnValue:
        customer = _find(services, customer_id)
        return _edit_page(services, customer, _filled(services, customer))

    @pages.post("/admin/customers/<int:customer_id>")
    def save_customer(customer_id: int) -> ResponseReturnValue:
        customer = _find(services, customer_id)
        form = read_customer_form(request.form)
        if not form.errors:
            try:
                services.store.customers.update(customer_id, **form.values())
                _buy_for(services, customer_id, form.company)
                return redirect(f"/admin/customers/{customer_id}?done=saved", 303)
            except EmailTaken:
                form.errors["email"] = "Another customer has this email already"
        return _edit_page(services, customer, form)


def _add_changes(pages: Blueprint, services: Services) -> None:
    customers = services.store.customers

    @pages.post("/admin/customers/<int:customer_id>/delete")
    def delete_customer(customer_id: int) -> ResponseReturnValue:
        customer = _find(services, customer_id)
        try:
            customers.delete(customer_id)
        except CustomerHasOrders:
            problem = "A customer with orders cannot be deleted. Merge the record instead."
            return _edit_page(services, customer, _filled(services, customer), problem)
        return redirect("/admin/customers?done=deleted", 303)

    @pages.post("/admin/customers/<int:customer_id>/activate")
    def open_account(customer_id: int) -> ResponseReturnValue:
        customers.update(_find(services, customer_id).id, state="enabled")
        return redirect(f"/admin/customers/{customer_id}?done=activated", 303)

    @pages.get("/admin/customers/<int:customer_id>/merge")
    def merge_page(customer_id: int) -> ResponseReturnValue:
        return _merge_page(services, _find(services, customer_id))

    @pages.post("/admin/customers/<int:customer_id>/merge")
    def merge_customers(customer_id: int) -> ResponseReturnValue:
        customer = _find(services, customer_id)
        other = request.form.get("other", type=int)
        if other is None:
            return _merge_page(services, customer, "Choose the record to merge into this one")
        try:
            customers.merge(customer_id, other)
        except (UnknownCustomer, ValueError):
            return _merge_page(services, customer, "Choose another customer's record")
        return redirect(f"/admin/customers/{customer_id}?done=merged", 303)


def _add_privacy(pages: Blueprint, services: Services) -> None:
    customers = services.store.customers

    @pages.post("/admin/customers/<int:customer_id>/data-request")
    def request_data(customer_id: int) -> ResponseReturnValue:
        customers.request_data(_find(services, customer_id).id)
        return redirect(f"/admin/customers/{customer_id}?done=data_request", 303)

    @pages.post("/admin/customers/<int:customer_id>/redact")
    def redact(customer_id: int) -> ResponseReturnValue:
        customers.redact(_find(services, customer_id).id)
        return redirect(f"/admin/customers/{customer_id}?done=redacted", 303)


def _filled(services: Services, customer: Customer) -> CustomerForm:
    contacts = services.store.companies.contacts_of(customer.id)
    return blank_or(customer, contacts[0].company.name if contacts else "")


def _buy_for(services: Services, customer_id: int, company: str) -> None:
    """Let the customer buy for the company that was typed, and for no other."""
    companies = services.store.companies
    known = [contact.company.name.casefold() for contact in companies.contacts_of(customer_id)]
    if known == ([company.casefold()] if company else []):
        return
    companies.leave_all(customer_id)
    if company:
        companies.join(customer_id, company)


def _find(services: Services, customer_id: int) -> Customer:
    customer = services.store.customers.get(customer_id)
    return customer if customer is not None else abort(404)


def _edit_page(
    services: Services, customer: Customer | None, form: CustomerForm, problem: str | None = None
) -> ResponseReturnValue:
    orders = services.store.orders.all(PAGE_SIZE, customer_id=customer.id) if customer else []
    return render_page(
        services,
        "back_office/customer.html",
        422 if form.errors or problem else 200,
        customer=customer,
        form=form,
        locales=LOCALES,
        orders=orders,
        spending=spending_of(services, customer.id) if customer else None,
        problem=problem,
        done=DONE.get(request.args.get("done", "")),
    )


def _merge_page(
    services: Services, customer: Customer, error: str | None = None
) -> ResponseReturnValue:
    words = request.values.get("q", "").strip()
    found = services.store.customers.search(words)
    return render_page(
        services,
        "back_office/merge.html",
        422 if error else 200,
        customer=customer,
        words=words,
        others=[other for other in found if other.id != customer.id],
        error=error,
    )
