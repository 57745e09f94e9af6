"""The account extension in its frame: its page, its script, its tokens and the Storefront API."""

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.account.account_extension import PAGE, account_extension, shows_rewards
from devstore.account.storefront_api import StorefrontApi
from devstore.services import Services
from devstore.storefront.extension_assets import asset_response
from devstore.storefront.shopper_cookie import Shopper, current_shopper
from devstore.ui_extensions.extension_page import (
    Json,
    extension_page,
    localization,
    token_response,
)


def add_extension_routes(
    blueprint: Blueprint, services: Services, signer: URLSafeSerializer
) -> None:
    """Add what the extension's frame asks for."""
    extension = account_extension(services)
    storefront = StorefrontApi(services)

    @blueprint.get(f"/account/extension/{PAGE}")
    def target_page() -> str:
        if not shows_rewards(services):
            abort(404)
        shopper = current_shopper(signer)
        signals = _signals(services, shopper)
        return extension_page(extension, shopper, surface="account", target=PAGE, signals=signals)

    @blueprint.get("/account/extension.js")
    def extension_script() -> Response:
        return asset_response(extension.script.parent, extension.script.name)

    @blueprint.post("/account/session-token")
    def session_token() -> ResponseReturnValue:
        return token_response(services, current_shopper(signer).customer_id)

    @blueprint.post("/account/storefront-api")
    def storefront_api() -> ResponseReturnValue:
        return jsonify(storefront.answer(request.get_json()))


def _signals(services: Services, shopper: Shopper) -> Json:
    customers = services.store.customers
    customer = customers.get(shopper.customer_id) if shopper.customer_id else None
    return {
        "authenticatedAccount.customer": {"id": customer.gid} if customer else None,
        "authenticatedAccount.purchasingCompany": None,
        "settings": {},
    } | localization(services, shopper)
