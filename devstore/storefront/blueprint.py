"""The storefront: everything a shopper's browser meets but the checkout."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer
from werkzeug.exceptions import HTTPException

from devstore.services import Services
from devstore.storefront.app_proxy import add_app_proxy
from devstore.storefront.cart_api import add_cart_api
from devstore.storefront.cart_cookie import keep_cart
from devstore.storefront.dev_bar import add_dev_bar
from devstore.storefront.extension_assets import asset_response
from devstore.storefront.pages import add_pages
from devstore.storefront.phrases import say
from devstore.storefront.shopper_cookie import current_shopper, keep_shopper
from devstore.storefront.storefront_page import ASSETS_PATH, StorefrontPages, widget_folder

NOT_THE_SHOP = ("/admin", "/shop/", "/cdn/", "/devstore/")


def cookie_signer(services: Services) -> URLSafeSerializer:
    """Return what signs the visitors' cookies."""
    return URLSafeSerializer(services.settings.client_secret, salt="devstore-visitor")


def blueprint(services: Services) -> Blueprint:
    """Return the storefront of the default shop."""
    signer = cookie_signer(services)
    shop = Blueprint(
        "storefront",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/devstore/static/storefront",
    )
    add_pages(shop, services, signer)
    add_cart_api(shop, services, signer)
    add_app_proxy(shop, services, signer)
    add_dev_bar(shop, services, signer)
    _add_assets(shop, services)
    _add_missing(shop, services, signer)

    @shop.after_app_request
    def keep_visitor(response: Response) -> Response:
        return keep_cart(keep_shopper(response, signer), signer)

    return shop


def _add_assets(shop: Blueprint, services: Services) -> None:
    @shop.get(f"{ASSETS_PATH}/<path:name>")
    def extension_asset(name: str) -> Response:
        return asset_response(widget_folder(services) / "assets", name)


def _add_missing(shop: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    pages = StorefrontPages(services, signer)

    @shop.app_errorhandler(404)
    def missing(error: HTTPException) -> ResponseReturnValue:
        if request.path.startswith(NOT_THE_SHOP):
            return error.get_response()
        locale = current_shopper(signer).locale
        headline, text = say(locale, "missing.headline"), say(locale, "missing.text")
        return pages.render("404", "missing", headline=headline, text=text), 404
