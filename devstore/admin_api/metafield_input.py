"""Reads the input of metafieldsSet and refuses what Shopify refuses."""

import json
import re
from collections.abc import Callable
from typing import Any

from devstore.admin_api.admin_schema import access_denied
from devstore.admin_api.values import gid_parts
from devstore.store.metafields import MetafieldInput
from devstore.store.store import Store

View = dict[str, Any]
METAFIELDS_MAX = 25
OWNER_SCOPES = {"Customer": "write_customers", "Order": "write_orders", "Product": "write_products"}


class MetafieldsRefused(ValueError):
    """Some of the metafields are refused; carries the user errors."""

    def __init__(self, errors: list[View]) -> None:
        super().__init__(len(errors))
        self.errors = errors


def checked_inputs(store: Store, scopes: frozenset[str], given: list[View]) -> list[MetafieldInput]:
    """Return the metafields to set; raises MetafieldsRefused with every error found."""
    if len(given) > METAFIELDS_MAX:
        message = f"Exceeded the maximum metafields input limit of {METAFIELDS_MAX}."
        raise MetafieldsRefused([_error(None, ["metafields"], message, "LESS_THAN_OR_EQUAL_TO")])
    inputs: list[MetafieldInput] = []
    errors: list[View] = []
    for place, each in enumerate(given):
        error = _check_owner(store, scopes, place, each)
        kind = None if error else _type_of(store, each)
        error = error or _check_value(store, place, each, kind)
        if error is None and kind is not None:
            owner, namespace = each["ownerId"], each.get("namespace") or "$app"
            inputs.append(MetafieldInput(owner, namespace, each["key"], kind, each["value"]))
        elif error is not None:
            errors.append(error)
    if errors:
        raise MetafieldsRefused(errors)
    return inputs


def _check_owner(store: Store, scopes: frozenset[str], place: int, given: View) -> View | None:
    path = ["metafields", str(place), "ownerId"]
    try:
        kind, number = gid_parts(given["ownerId"])
    except ValueError as problem:
        return _error(place, path, str(problem), "INVALID")
    scope = OWNER_SCOPES.get(kind)
    if scope is not None and scope not in scopes:
        raise access_denied("metafieldsSet", scope)
    exists: dict[str, Callable[[], bool]] = {
        "Customer": lambda: store.customers.get(number) is not None,
        "Order": lambda: store.orders.get(number) is not None,
        "Product": lambda: store.products.get(number) is not None,
        "Shop": lambda: given["ownerId"] == store.shop.gid,
        "AppInstallation": lambda: given["ownerId"] == store.shop.installation_gid,
    }
    check = exists.get(kind)
    if check is None or not check():
        return _error(place, path, "Owner does not exist.", "INVALID")
    return None


def _type_of(store: Store, given: View) -> str | None:
    if given.get("type"):
        return str(given["type"])
    known = store.metafields.get(given["ownerId"], given.get("namespace"), given["key"])
    if known is not None:
        return known.type
    return _declared_type(store, given)


def _declared_type(store: Store, given: View) -> str | None:
    if given.get("namespace") not in (None, "", "$app"):
        return None
    return store.config.metafield_types.get((gid_parts(given["ownerId"])[0], given["key"]))


def _check_value(store: Store, place: int, given: View, kind: str | None) -> View | None:
    path = ["metafields", str(place)]
    if kind is None:
        return _error(place, [*path, "type"], "Type can't be blank", "BLANK")
    declared = _declared_type(store, given)
    if declared is not None and declared != kind:
        message = f"Type must be consistent with the definition's type: '{declared}'."
        return _error(place, [*path, "type"], message, "INVALID_TYPE")
    problem = _problem_of(kind, given["value"])
    if problem is not None:
        return _error(place, [*path, "value"], problem, "INVALID_VALUE")
    if "compareDigest" in given:
        known = store.metafields.get(given["ownerId"], given.get("namespace"), given["key"])
        if given["compareDigest"] != (None if known is None else known.digest):
            message = (
                "The resource has been updated since it was loaded. Try again with fresh data."
            )
            return _error(place, path, message, "STALE_OBJECT")
    return None


def _problem_of(kind: str, value: str) -> str | None:
    if not value:
        return "Value can't be blank."
    if kind == "number_integer":
        return None if re.fullmatch(r"-?\d{1,16}", value) else "Value must be an integer."
    if kind == "boolean":
        return None if value in ("true", "false") else "Value must be true or false."
    if kind != "json":
        return None
    try:
        json.loads(value)
    except ValueError:
        return "Value is invalid JSON."
    return None


def _error(place: int | None, path: list[str], message: str, code: str) -> View:
    return {"field": path, "message": message, "code": code, "elementIndex": place}
