"""Where the checkout extension is shown: it stands in the checkout of Plus shops only."""

from devstore.services import Services
from devstore.ui_extensions.extension_config import UiExtension, ui_extension

CHECKOUT_PLAN = "Plus"
THANK_YOU = "purchase.thank-you."


def checkout_extension(services: Services) -> UiExtension:
    """Return the checkout extension."""
    return ui_extension(services, "checkout-points", "checkout.js")


def shown_targets(services: Services) -> tuple[str, ...]:
    """Return the targets that this shop's plan shows: those of the checkout itself need Plus."""
    extension = checkout_extension(services)
    if not extension.is_built:
        return ()
    targets = extension.config.targets
    if services.store.shop.plan == CHECKOUT_PLAN:
        return targets
    return tuple(target for target in targets if target.startswith(THANK_YOU))
