"""Tags and segments of customers: what the Admin API's mutations do with them."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from devstore.admin_api.admin_schema import access_denied
from devstore.admin_api.customer_view import customer_view
from devstore.admin_api.queries import gid_argument
from devstore.admin_api.segment_view import segment_view
from devstore.store.customer_tags import (
    TagTooLong,
    TooManyTags,
    read_tags,
    with_tags,
    without_tags,
)
from devstore.store.segments import SegmentRefused, UnknownSegment
from devstore.store.store import Store

View = dict[str, Any]
Change = Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]


class TagMutations:
    """Resolvers for one request with its scopes."""

    def __init__(self, store: Store, scopes: frozenset[str]) -> None:
        self._store = store
        self._scopes = scopes

    def resolvers(self) -> dict[str, Any]:
        """Return a resolver for each field."""
        return {
            "tagsAdd": lambda _info, id, tags: self._retag(id, tags, with_tags),
            "tagsRemove": lambda _info, id, tags: self._retag(id, tags, without_tags),
            "segmentCreate": self.create_segment,
            "segmentUpdate": self.update_segment,
            "segmentDelete": self.delete_segment,
        }

    def create_segment(self, _info: object, name: str, query: str) -> View:
        """Keep a segment."""
        try:
            segment = self._store.segments.create(name, query)
        except SegmentRefused as refusal:
            return {"segment": None, "userErrors": [_error(refusal.field, refusal.message)]}
        return {"segment": segment_view(segment), "userErrors": []}

    def update_segment(
        self, _info: object, id: str, name: str | None = None, query: str | None = None
    ) -> View:
        """Change a segment."""
        number = gid_argument(id, "Segment")[1]
        try:
            segment = self._store.segments.update(number, name, query)
        except SegmentRefused as refusal:
            return {"segment": None, "userErrors": [_error(refusal.field, refusal.message)]}
        except UnknownSegment:
            return {"segment": None, "userErrors": [_error("id", "Segment does not exist")]}
        return {"segment": segment_view(segment), "userErrors": []}

    def delete_segment(self, _info: object, id: str) -> View:
        """Delete a segment; one that an automatic discount is for stays."""
        number = gid_argument(id, "Segment")[1]
        if any(number in each.segment_ids for each in self._store.discounts.automatic.all()):
            error = _error("id", "Segment is used by a discount and can't be deleted")
            return {"deletedSegmentId": None, "userErrors": [error]}
        if self._store.segments.delete(number):
            return {"deletedSegmentId": id, "userErrors": []}
        return {"deletedSegmentId": None, "userErrors": [_error("id", "Segment does not exist")]}

    def _retag(self, gid: str, given: list[str], change: Change) -> View:
        kind, number = gid_argument(gid)
        if kind != "Customer":
            message = f"Invalid id: {gid}"
            raise GraphQLError(message, extensions={"code": "RESOURCE_NOT_FOUND", "id": gid})
        if "write_customers" not in self._scopes:
            raise access_denied("tagsAdd", "write_customers")
        with self._store.database.transaction():
            customer = self._store.customers.get(number)
            if customer is None:
                return {"node": None, "userErrors": [_error("id", "Customer does not exist")]}
            try:
                tags = change(customer.tags, read_tags(given))
            except (TooManyTags, TagTooLong) as refusal:
                return {"node": None, "userErrors": [_error("tags", str(refusal.__doc__))]}
            if tags != customer.tags:
                customer = self._store.customers.update(number, tags=tags)
        return {"node": customer_view(self._store, customer), "userErrors": []}


def _error(field: str, message: str) -> View:
    return {"field": [field], "message": message}
