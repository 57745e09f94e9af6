"""The admin's first page: what there is in this store and where to go next."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.storefront.embed_settings import embed_enabled

LATEST = 5


def add_home_page(pages: Blueprint, services: Services) -> None:
    """Add the home page to the back office."""

    @pages.get("/admin")
    @pages.get("/admin/")
    def home() -> ResponseReturnValue:
        store = services.store
        latest = store.orders.all(LATEST)
        ids = {order.customer_id for order in latest if order.customer_id is not None}
        people = (store.customers.get(customer_id) for customer_id in ids)
        return render_page(
            services,
            "back_office/home.html",
            order_count=store.orders.count(),
            customer_count=store.customers.count(),
            orders=latest,
            names={person.id: person.name for person in people if person is not None},
            embed_enabled=embed_enabled(services),
            installed=store.installation.installed,
        )
