"""Installs the app as Shopify does: by opening it in the admin."""

import requests

from devstore.frame.app_address import app_address
from devstore.settings import Settings
from devstore.store.store import Store


class AppNotInstalled(Exception):
    """The app did not install itself when it was opened."""


def open_app(store: Store, settings: Settings) -> None:
    """Open the app unless it is installed; it then asks the running development store for tokens."""
    if store.installation.installed:
        return
    address = app_address(settings.app_url, store.tokens, "/", [], "en")
    try:
        status = requests.get(address, timeout=30, allow_redirects=False).status_code
    except requests.RequestException as problem:
        raise AppNotInstalled(f"No app answers at {settings.app_url}.") from problem
    if not store.installation.installed:
        raise AppNotInstalled(
            f"The app answered {status} and did not ask for a token:"
            f" is the development store running at {settings.origin} with the same --data?"
        )
