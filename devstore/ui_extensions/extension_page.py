"""The page of one target, in a frame of its own, and the tokens that the extension asks for."""

from typing import Any

from flask import Response, jsonify, render_template

from devstore.services import Services
from devstore.storefront.liquid_locales import locale_texts
from devstore.storefront.shopper_cookie import Shopper
from devstore.ui_extensions.extension_config import UiExtension

API_VERSION = "2026-07"

Json = dict[str, Any]


def extension_page(
    extension: UiExtension,
    shopper: Shopper,
    *,
    surface: str,
    target: str,
    signals: Json,
    constants: Json | None = None,
) -> str:
    """Return the page that runs `target` of the extension as `surface` ("checkout") does.

    `signals` are the values of the surface's signals by name, `constants` what never changes.
    """
    data = {
        "base": f"/{surface}",
        "constants": _constants(target, f"/{surface}/extension.js") | (constants or {}),
        "signals": signals,
        "translations": locale_texts(extension.locales, shopper.locale),
    }
    return render_template(
        "ui_extensions/extension.html", data=data, shopper=shopper, surface=surface
    )


def token_response(services: Services, customer_id: int | None) -> Response:
    """Return a session token for the customer, or for a guest."""
    response = jsonify(token=services.store.tokens.session_token(customer_id))
    response.headers["Cache-Control"] = "no-store"
    return response


def localization(services: Services, shopper: Shopper) -> Json:
    """Return the signals of the shopper's language and country."""
    shop, language = services.store.shop, {"isoCode": shopper.locale}
    return {
        "localization.country": {"isoCode": shop.country_code},
        "localization.currency": {"isoCode": shop.currency},
        "localization.extensionLanguage": language,
        "localization.language": language,
    }


def _constants(target: str, script_url: str) -> Json:
    return {
        "extension": {
            "apiVersion": API_VERSION,
            "target": target,
            "capabilities": {"current": ["api_access", "network_access"]},
            "scriptUrl": script_url,
            "version": "development",
        },
        "extensionPoint": target,
        "version": API_VERSION,
    }
