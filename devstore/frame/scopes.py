"""What App Bridge tells of the app's access scopes."""

from devstore.services import Services


def scopes_report(services: Services) -> dict[str, list[str]]:
    """Return what App Bridge's `shopify.scopes.query()` tells the app."""
    store = services.store
    return {
        "granted": list(store.installation.scopes),
        "required": list(store.config.scopes),
        "optional": list(store.config.optional_scopes),
    }
