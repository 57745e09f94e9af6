"""The checkout extension in its frames: its page, its script, its tokens and its codes."""

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from devstore.checkout.checkout_state import checkout_state
from devstore.checkout.code_changes import apply_change
from devstore.checkout.extension_config import (
    extension_folder,
    read_config,
    script_path,
    shown_targets,
)
from devstore.checkout.extension_data import constants, signals
from devstore.services import Services
from devstore.storefront.extension_assets import asset_response
from devstore.storefront.liquid_locales import locale_texts
from devstore.storefront.shopper_cookie import current_shopper


def add_extension_routes(
    blueprint: Blueprint, services: Services, signer: URLSafeSerializer
) -> None:
    """Add what the extension's frames ask for."""
    folder = extension_folder(services)

    @blueprint.get("/checkout/extension/<target>")
    def extension_page(target: str) -> str:
        if target not in shown_targets(services):
            abort(404)
        config = read_config(folder)
        state = checkout_state(services, signer)
        data = {
            "constants": constants(services, config, target),
            "signals": signals(services, config, state),
            "translations": locale_texts(folder / "locales", state.shopper.locale),
        }
        return render_template("checkout/extension.html", data=data, shopper=state.shopper)

    @blueprint.get("/checkout/extension.js")
    def extension_script() -> Response:
        path = script_path(services)
        return asset_response(path.parent, path.name)

    @blueprint.get("/checkout/signals")
    def extension_signals() -> ResponseReturnValue:
        state = checkout_state(services, signer)
        return jsonify(signals(services, read_config(folder), state))

    @blueprint.post("/checkout/session-token")
    def session_token() -> ResponseReturnValue:
        customer_id = current_shopper(signer).customer_id
        response = jsonify(token=services.store.tokens.session_token(customer_id))
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.post("/checkout/discount-codes")
    def discount_codes() -> ResponseReturnValue:
        change = request.get_json()
        kind, code = str(change.get("type")), str(change.get("code", ""))
        result = apply_change(services, signer, kind, code)
        state = checkout_state(services, signer)
        return jsonify(result=result, signals=signals(services, read_config(folder), state))
