"""Metafields as Liquid sees them: owner.metafields[namespace].key.value."""

from typing import Any

from devstore.services import Services
from devstore.store.metafields import resolve_namespace

OWN = "$app"


def metafields_of(services: Services, owner_gid: str) -> dict[str, dict[str, Any]]:
    """Return the owner's metafields by namespace and key; the app's own also under `$app`."""
    found: dict[str, dict[str, Any]] = {}
    for metafield in services.store.metafields.all(owner_gid):
        drop = {"value": metafield.parsed, "type": metafield.type}
        found.setdefault(metafield.namespace, {})[metafield.key] = drop
    own = resolve_namespace(None)
    if own in found:
        found[OWN] = found[own]
    return found
