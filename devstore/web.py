"""The Flask application of the development store: one blueprint for each package."""

import importlib
import importlib.util

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from devstore.services import Services

PACKAGES = ("admin_api", "webhooks", "frame", "back_office", "storefront", "checkout")


def create_app(services: Services) -> Flask:
    """Return the application with every package's blueprint."""
    app = Flask("devstore", static_folder=None)
    for package in PACKAGES:
        name = f"devstore.{package}"
        module = importlib.import_module(name) if importlib.util.find_spec(name) else None
        if module is not None and hasattr(module, "blueprint"):
            app.register_blueprint(module.blueprint(services))

    @app.get("/clock")
    def clock() -> ResponseReturnValue:
        return jsonify(offset_seconds=services.clock.offset_seconds())

    return app
