"""The account: its pages, and the account extension in them."""

from flask import Blueprint

from devstore.account.account_pages import add_account_pages
from devstore.account.extension_routes import add_extension_routes
from devstore.services import Services
from devstore.storefront.blueprint import cookie_signer


def blueprint(services: Services) -> Blueprint:
    """Return the account; it shares the storefront's cookies and looks."""
    signer = cookie_signer(services)
    account = Blueprint(
        "account",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/devstore/static/account",
    )
    add_account_pages(account, services, signer)
    add_extension_routes(account, services, signer)
    return account
