"""The Storefront API as extensions are given it with `shopify.query`."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from devstore.services import Services
from devstore.store import Metafield
from devstore.store.metafields import resolve_namespace

SDL = Path(__file__).with_name("storefront_api.graphql")


@lru_cache(maxsize=1)
def storefront_schema() -> GraphQLSchema:
    """Return the schema."""
    return build_schema(SDL.read_text(encoding="utf-8"))


class StorefrontApi:
    """Answers queries about the shop."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return data or errors, as Shopify does."""
        done = graphql_sync(
            storefront_schema(),
            body["query"],
            root_value={"shop": self._shop()},
            variable_values=body.get("variables"),
        )
        return dict(done.formatted)

    def _shop(self) -> dict[str, Any]:
        shop = self._services.store.shop
        return {"id": shop.gid, "name": shop.name, "metafield": self._metafield}

    def _metafield(
        self, _info: GraphQLResolveInfo[None], key: str, namespace: str | None = None
    ) -> Metafield | None:
        """Return a metafield of the shop; only the app's own are shown, and only public ones."""
        store = self._services.store
        is_own = resolve_namespace(namespace) == resolve_namespace(None)
        if not is_own or ("Shop", key) not in store.config.public_metafields:
            return None
        return store.metafields.get(store.shop.gid, namespace, key)
