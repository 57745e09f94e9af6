"""Metafields as the Admin API shows them."""

from collections.abc import Callable
from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.values import moment
from devstore.store.metafields import Metafield, resolve_namespace
from devstore.store.store import Store

View = dict[str, Any]


def metafield_view(metafield: Metafield) -> View:
    """Return a Metafield."""
    return {
        "__typename": "Metafield",
        "id": metafield.gid,
        "legacyResourceId": str(metafield.id),
        "namespace": metafield.namespace,
        "key": metafield.key,
        "type": metafield.type,
        "value": metafield.value,
        "jsonValue": metafield.parsed,
        "compareDigest": metafield.digest,
        "createdAt": moment(metafield.created_at),
        "updatedAt": moment(metafield.updated_at),
    }


def metafield_resolver(store: Store, owner_gid: str) -> Callable[..., View | None]:
    """Return the resolver of an owner's `metafield(namespace, key)`."""

    def metafield(_info: object, key: str, namespace: str | None = None) -> View | None:
        found = store.metafields.get(owner_gid, namespace, key)
        return None if found is None else metafield_view(found)

    return metafield


def metafields_resolver(store: Store, owner_gid: str) -> Callable[..., View]:
    """Return the resolver of an owner's `metafields(namespace)`."""

    def metafields(info: object, namespace: str | None = None, **arguments: Any) -> View:  # noqa: ANN401 - GraphQL arguments
        found = store.metafields.all(owner_gid)
        if namespace is not None:
            found = [each for each in found if each.namespace == resolve_namespace(namespace)]
        return list_connection([metafield_view(each) for each in found])(info, **arguments)

    return metafields
