"""Automatic free shipping: what the Admin API's mutations do with it."""

from dataclasses import replace
from typing import Any

from devstore.admin_api.discount_input import (
    DiscountRefused,
    minimum,
    period,
    read_ids,
    text_of,
    user_error,
)
from devstore.admin_api.discount_view import automatic_view
from devstore.admin_api.queries import gid_argument
from devstore.store.automatic import AutomaticShipping, TooManyAutomatic
from devstore.store.discount import CombinesWith
from devstore.store.store import Store

View = dict[str, Any]
ARGUMENT = "freeShippingAutomaticDiscount"


class AutomaticMutations:
    """Resolvers for one request."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def resolvers(self) -> dict[str, Any]:
        """Return a resolver for each field."""
        return {
            "discountAutomaticFreeShippingCreate": self.create,
            "discountAutomaticFreeShippingUpdate": self.update,
            "discountAutomaticDelete": self.delete,
        }

    def create(self, _info: object, **arguments: View) -> View:
        """Give free shipping to the customers of segments, or to all."""
        return self._save(arguments[ARGUMENT], None)

    def update(self, _info: object, id: str, **arguments: View) -> View:
        """Change automatic free shipping; what is not given stays."""
        found = self._store.discounts.automatic.get(gid_argument(id, "DiscountAutomaticNode")[1])
        if found is None:
            return {"automaticDiscountNode": None, "userErrors": [_unknown()]}
        return self._save(arguments[ARGUMENT], found)

    def delete(self, _info: object, id: str) -> View:
        """Delete an automatic discount."""
        if self._store.discounts.automatic.delete(gid_argument(id, "DiscountAutomaticNode")[1]):
            return {"deletedAutomaticDiscountId": id, "userErrors": []}
        return {"deletedAutomaticDiscountId": None, "userErrors": [_unknown()]}

    def _save(self, given: View, before: AutomaticShipping | None) -> View:
        now = self._store.clock.now()
        try:
            wanted = _wanted(self._store, given, before)
            saved = self._store.discounts.automatic.save(wanted, now)
        except DiscountRefused as refusal:
            error = user_error([ARGUMENT, *refusal.path], refusal.message, refusal.code)
        except TooManyAutomatic as full:
            error = user_error([ARGUMENT], str(full.__doc__), "ACTIVE_PERIOD_OVERLAP")
        else:
            return {"automaticDiscountNode": automatic_view(self._store, saved), "userErrors": []}
        return {"automaticDiscountNode": None, "userErrors": [error]}


def _wanted(store: Store, given: View, before: AutomaticShipping | None) -> AutomaticShipping:
    now = store.clock.now()
    known = before or AutomaticShipping(0, "", now, None, now, now, CombinesWith())
    if before is None or "title" in given:
        known = replace(known, title=text_of(given, "title"))
    if before is None or "startsAt" in given or "endsAt" in given:
        starts_at, ends_at = period({"startsAt": known.starts_at, **given} if before else given)
        known = replace(known, starts_at=starts_at, ends_at=ends_at)
    if "tags" in given:
        known = replace(known, tags=tuple(given["tags"] or ()))
    if "minimumRequirement" in given:
        subtotal, _ = minimum(store, given["minimumRequirement"] or {})
        known = replace(known, minimum_subtotal_minor=subtotal)
    if "combinesWith" in given:
        known = replace(known, combines_with=_combines(given["combinesWith"]))
    if before is None or "context" in given:
        known = replace(known, segment_ids=_segments(store, given.get("context"), known))
    return replace(known, updated_at=now)


def _combines(given: View) -> CombinesWith:
    if given.get("shippingDiscounts"):
        message = "Shipping discounts can't combine with other shipping discounts"
        code = "INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS"
        raise DiscountRefused(["combinesWith"], message, code)
    return CombinesWith(
        order=bool(given.get("orderDiscounts")), product=bool(given.get("productDiscounts"))
    )


def _segments(store: Store, context: View | None, known: AutomaticShipping) -> tuple[int, ...]:
    chosen = context or {}
    if chosen.get("all"):
        return ()
    change = chosen.get("customerSegments") or {}
    added = read_ids(change.get("add"), "Segment")
    gone = set(read_ids(change.get("remove"), "Segment"))
    if any(store.segments.get(segment_id) is None for segment_id in added):
        path = ["context", "customerSegments", "add"]
        raise DiscountRefused(path, "Segment does not exist", "INVALID")
    kept = [each for each in known.segment_ids if each not in gone]
    ids = tuple(dict.fromkeys([*kept, *added]))
    if not ids:
        raise DiscountRefused(["context"], "Context can't be blank", "BLANK")
    return ids


def _unknown() -> View:
    return user_error(["id"], "Discount does not exist.", "INVALID")
