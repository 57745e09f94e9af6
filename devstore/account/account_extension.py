"""The account extension: a page of its own beside the customer's orders."""

from devstore.services import Services
from devstore.ui_extensions.extension_config import UiExtension, ui_extension

PAGE = "customer-account.page.render"


def account_extension(services: Services) -> UiExtension:
    """Return the account extension."""
    return ui_extension(services, "account-points", "account.js")


def shows_rewards(services: Services) -> bool:
    """Tell whether the extension is there and has a page."""
    extension = account_extension(services)
    return extension.is_built and PAGE in extension.config.targets
