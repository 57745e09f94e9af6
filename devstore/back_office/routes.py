"""The back office: Shopify's own pages of the store's admin."""

from flask import Blueprint

from devstore.back_office.app_pages import add_app_pages
from devstore.back_office.clock_pages import add_clock_pages
from devstore.back_office.customer_pages import add_customer_pages
from devstore.back_office.delivery_pages import add_delivery_pages
from devstore.back_office.filters import back_office_filters
from devstore.back_office.home_page import add_home_page
from devstore.back_office.new_order_page import add_new_order
from devstore.back_office.order_changes import add_order_changes
from devstore.back_office.order_pages import add_order_pages
from devstore.back_office.order_payment import add_order_payment
from devstore.back_office.product_pages import add_product_pages
from devstore.services import Services


def blueprint(services: Services) -> Blueprint:
    """Return every page of the back office."""
    pages = Blueprint("back_office", __name__, template_folder="templates")
    for name, words in back_office_filters(services).items():
        pages.add_app_template_filter(words, name)
    add_home_page(pages, services)
    add_order_pages(pages, services)
    add_new_order(pages, services)
    add_order_changes(pages, services)
    add_order_payment(pages, services)
    add_product_pages(pages, services)
    add_customer_pages(pages, services)
    add_delivery_pages(pages, services)
    add_clock_pages(pages, services)
    add_app_pages(pages, services)
    return pages
