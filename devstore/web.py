"""The Flask application of the development store: one blueprint for each package."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from devstore import (
    account,
    admin_api,
    back_office,
    checkout,
    frame,
    storefront,
    ui_extensions,
    webhooks,
)
from devstore.services import Services

PACKAGES = (
    admin_api,
    webhooks,
    frame,
    back_office,
    storefront,
    checkout,
    account,
    ui_extensions,
)


def create_app(services: Services) -> Flask:
    """Return the application with every package's blueprint."""
    app = Flask("devstore", static_folder=None)
    for package in PACKAGES:
        app.register_blueprint(package.blueprint(services))

    @app.get("/clock")
    def clock() -> ResponseReturnValue:
        return jsonify(offset_seconds=services.clock.offset_seconds())

    return app
