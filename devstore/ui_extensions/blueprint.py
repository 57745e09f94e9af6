"""The files that every page with a UI extension in it needs."""

from flask import Blueprint

from devstore.services import Services


def blueprint(services: Services) -> Blueprint:
    """Return the stand-ins' files and templates."""
    return Blueprint(
        "ui_extensions",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/devstore/static/ui-extensions",
    )
