"""The checkout: its pages, and the checkout extension in them."""

from flask import Blueprint

from devstore.checkout.checkout_pages import add_checkout_pages
from devstore.checkout.extension_routes import add_extension_routes
from devstore.services import Services
from devstore.storefront.blueprint import cookie_signer


def blueprint(services: Services) -> Blueprint:
    """Return the checkout; it shares the storefront's cookies and drawings."""
    signer = cookie_signer(services)
    checkout = Blueprint(
        "checkout",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/devstore/static/checkout",
    )
    add_checkout_pages(checkout, services, signer)
    add_extension_routes(checkout, services, signer)
    return checkout
