"""The checkout extension in its frames: its page, its script, its tokens and its codes."""

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.checkout.checkout_state import checkout_state
from devstore.checkout.code_changes import apply_change
from devstore.checkout.extension_data import constants, signals
from devstore.checkout.extension_targets import checkout_extension, shown_targets
from devstore.services import Services
from devstore.storefront.extension_assets import asset_response
from devstore.storefront.shopper_cookie import current_shopper
from devstore.ui_extensions.extension_page import extension_page, token_response


def add_extension_routes(
    blueprint: Blueprint, services: Services, signer: URLSafeSerializer
) -> None:
    """Add what the extension's frames ask for."""
    extension = checkout_extension(services)

    @blueprint.get("/checkout/extension/<target>")
    def target_page(target: str) -> str:
        if target not in shown_targets(services):
            abort(404)
        state = checkout_state(services, signer)
        return extension_page(
            extension,
            state.shopper,
            surface="checkout",
            target=target,
            signals=signals(services, extension.config, state),
            constants=constants(services),
        )

    @blueprint.get("/checkout/extension.js")
    def extension_script() -> Response:
        return asset_response(extension.script.parent, extension.script.name)

    @blueprint.get("/checkout/signals")
    def extension_signals() -> ResponseReturnValue:
        state = checkout_state(services, signer)
        return jsonify(signals(services, extension.config, state))

    @blueprint.post("/checkout/session-token")
    def session_token() -> ResponseReturnValue:
        return token_response(services, current_shopper(signer).customer_id)

    @blueprint.post("/checkout/discount-codes")
    def discount_codes() -> ResponseReturnValue:
        change = request.get_json()
        kind, code = str(change.get("type")), str(change.get("code", ""))
        result = apply_change(services, signer, kind, code)
        state = checkout_state(services, signer)
        return jsonify(result=result, signals=signals(services, extension.config, state))
