"""What the Admin API's mutations do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from devstore.admin_api.discount_input import (
    DiscountRefused,
    basic_discount,
    free_shipping_discount,
    user_error,
)
from devstore.admin_api.discount_view import discount_view
from devstore.admin_api.metafield_input import MetafieldsRefused, checked_inputs
from devstore.admin_api.metafield_view import metafield_view
from devstore.admin_api.queries import gid_argument
from devstore.store.discount import Discount
from devstore.store.discounts import CodeTaken
from devstore.store.store import Store

View = dict[str, Any]
Read = Callable[[Store, View], Discount]


class Mutations:
    """Resolvers of the mutation root, for one request with its scopes."""

    def __init__(self, store: Store, scopes: frozenset[str]) -> None:
        self._store = store
        self._scopes = scopes

    def resolvers(self) -> dict[str, Any]:
        """Return the root value of mutations: a resolver for each field."""
        return {
            "metafieldsSet": self.set_metafields,
            "metafieldsDelete": self.delete_metafields,
            "discountCodeBasicCreate": self.create_basic,
            "discountCodeFreeShippingCreate": self.create_free_shipping,
            "discountCodeDeactivate": self.deactivate,
            "discountCodeDelete": self.delete,
        }

    def set_metafields(self, _info: object, metafields: list[View]) -> View:
        """Set metafields, all or none."""
        with self._store.database.transaction():
            try:
                inputs = checked_inputs(self._store, self._scopes, metafields)
            except MetafieldsRefused as refusal:
                return {"metafields": None, "userErrors": refusal.errors}
            done = self._store.metafields.set(inputs)
        return {"metafields": [metafield_view(each) for each in done], "userErrors": []}

    def delete_metafields(self, _info: object, metafields: list[View]) -> View:
        """Delete metafields; those that are not there come back as null."""
        deleted = [
            each
            if self._store.metafields.delete(each["ownerId"], each["namespace"], each["key"])
            else None
            for each in metafields
        ]
        return {"deletedMetafields": deleted, "userErrors": []}

    def create_basic(self, _info: object, **arguments: View) -> View:
        """Create a code that takes an amount or a percentage off."""
        return self._create("basicCodeDiscount", arguments, basic_discount)

    def create_free_shipping(self, _info: object, **arguments: View) -> View:
        """Create a code for free shipping."""
        return self._create("freeShippingCodeDiscount", arguments, free_shipping_discount)

    def deactivate(self, _info: object, id: str) -> View:
        """End a code now."""
        found = self._store.discounts.deactivate(gid_argument(id, "DiscountCodeNode")[1])
        if found is None:
            return {"codeDiscountNode": None, "userErrors": [_unknown_discount()]}
        return {"codeDiscountNode": discount_view(self._store, found), "userErrors": []}

    def delete(self, _info: object, id: str) -> View:
        """Delete a code."""
        if self._store.discounts.delete(gid_argument(id, "DiscountCodeNode")[1]):
            return {"deletedCodeDiscountId": id, "userErrors": []}
        return {"deletedCodeDiscountId": None, "userErrors": [_unknown_discount()]}

    def _create(self, argument: str, arguments: dict[str, View], read: Read) -> View:
        try:
            wanted = read(self._store, arguments[argument])
            created = self._store.discounts.create(_numbered(wanted))
        except DiscountRefused as refusal:
            error = user_error([argument, *refusal.path], refusal.message, refusal.code)
        except CodeTaken as taken:
            error = user_error([argument, "code"], str(type(taken).__doc__), "TAKEN")
        else:
            return {"codeDiscountNode": discount_view(self._store, created), "userErrors": []}
        return {"codeDiscountNode": None, "userErrors": [error]}


def _numbered(wanted: Discount) -> Callable[[int, datetime], Discount]:
    def build(discount_id: int, now: datetime) -> Discount:
        return replace(wanted, id=discount_id, created_at=now, updated_at=now)

    return build


def _unknown_discount() -> View:
    return user_error(["id"], "Discount does not exist.", "INVALID")
