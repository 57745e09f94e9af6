"""Reads the input of a discount code and refuses what Shopify refuses."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from devstore.admin_api.values import gid_parts, minor
from devstore.store.discount import CombinesWith, Discount
from devstore.store.store import Store

View = dict[str, Any]
CODE_LENGTH_MAX = 255


class DiscountRefused(ValueError):
    """The input of a discount is refused; carries path, message and code of the user error."""

    def __init__(self, path: list[str], message: str, code: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.code = code


def user_error(path: list[str], message: str, code: str) -> View:
    """Return a user error as Shopify writes it."""
    return {"field": path, "message": message, "code": code, "extraInfo": None}


def basic_discount(store: Store, given: View) -> Discount:
    """Return the discount that a DiscountCodeBasicInput asks for."""
    gets = given.get("customerGets") or {}
    value, items = gets.get("value") or {}, gets.get("items") or {}
    products = items.get("products") or {}
    collections = items.get("collections") or {}
    if not items.get("all") and not products and not collections:
        message = "Items in 'customer get' can't be blank"
        raise DiscountRefused(["customerGets", "items"], message, "BLANK")
    if products and collections:
        message = "Cannot entitle collections in combination with product variants or products"
        raise DiscountRefused(["customerGets", "items"], message, "CONFLICT")
    percentage_bp, amount_minor, each = _value(store, value)
    return Discount(
        kind="basic",
        percentage_bp=percentage_bp,
        amount_minor=amount_minor,
        applies_on_each_item=each,
        product_ids=read_ids(products.get("productsToAdd"), "Product"),
        variant_ids=read_ids(products.get("productVariantsToAdd"), "ProductVariant"),
        collection_ids=read_ids(collections.get("add"), "Collection"),
        **_common(store, given),
    )


def free_shipping_discount(store: Store, given: View) -> Discount:
    """Return the discount that a DiscountCodeFreeShippingInput asks for."""
    if not (given.get("destination") or {}).get("all"):
        raise DiscountRefused(["destination"], "Destination can't be blank", "BLANK")
    most = given.get("maximumShippingPrice")
    maximum = None if most is None else _amount(store, most, ["maximumShippingPrice"])
    return Discount(kind="free_shipping", maximum_shipping_minor=maximum, **_common(store, given))


def _common(store: Store, given: View) -> View:
    title, code = text_of(given, "title"), text_of(given, "code")
    subtotal, quantity = minimum(store, given.get("minimumRequirement") or {})
    combines = given.get("combinesWith") or {}
    now = datetime.now(UTC)
    starts_at, ends_at = period(given)
    return {
        # The store numbers it and dates it.
        "id": 0,
        "created_at": now,
        "updated_at": now,
        "title": title,
        "code": code,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "customer_ids": _customers(store, given.get("context")),
        "usage_limit": _usage_limit(given),
        "once_per_customer": bool(given.get("appliesOncePerCustomer")),
        "minimum_subtotal_minor": subtotal,
        "minimum_quantity": quantity,
        "combines_with": CombinesWith(
            order=bool(combines.get("orderDiscounts")),
            product=bool(combines.get("productDiscounts")),
            shipping=bool(combines.get("shippingDiscounts")),
        ),
    }


def text_of(given: View, name: str) -> str:
    """Return a text that has to be there."""
    text = str(given.get(name) or "").strip()
    if not text:
        raise DiscountRefused([name], f"{name.capitalize()} can't be blank", "BLANK")
    if len(text) > CODE_LENGTH_MAX:
        message = f"{name.capitalize()} is too long (maximum is {CODE_LENGTH_MAX} characters)"
        raise DiscountRefused([name], message, "TOO_LONG")
    return text


def period(given: View) -> tuple[datetime, datetime | None]:
    """Return from when to when a discount is given."""
    starts_at: datetime | None = given.get("startsAt")
    ends_at: datetime | None = given.get("endsAt")
    if starts_at is None:
        raise DiscountRefused(["startsAt"], "Starts at can't be blank", "BLANK")
    if ends_at is not None and ends_at <= starts_at:
        message = "Ends at needs to be after starts_at"
        raise DiscountRefused(["endsAt"], message, "END_DATE_BEFORE_START_DATE")
    return starts_at.astimezone(UTC), None if ends_at is None else ends_at.astimezone(UTC)


def _usage_limit(given: View) -> int | None:
    limit: int | None = given.get("usageLimit")
    if limit is not None and limit < 1:
        raise DiscountRefused(["usageLimit"], "Usage limit must be greater than 0", "GREATER_THAN")
    return limit


def minimum(store: Store, given: View) -> tuple[int | None, int | None]:
    """Return the least subtotal and quantity."""
    subtotal = (given.get("subtotal") or {}).get("greaterThanOrEqualToSubtotal")
    quantity = (given.get("quantity") or {}).get("greaterThanOrEqualToQuantity")
    if subtotal is not None and quantity is not None:
        raise DiscountRefused(
            ["minimumRequirement"],
            "Minimum subtotal and minimum quantity can't both be present",
            "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT",
        )
    path = ["minimumRequirement", "subtotal", "greaterThanOrEqualToSubtotal"]
    return None if subtotal is None else _amount(store, subtotal, path), quantity


def _customers(store: Store, context: View | None) -> tuple[int, ...]:
    chosen = context or {}
    if chosen.get("all"):
        return ()
    ids = read_ids((chosen.get("customers") or {}).get("add"), "Customer")
    if not ids:
        raise DiscountRefused(["context"], "Context can't be blank", "BLANK")
    unknown = [customer_id for customer_id in ids if store.customers.get(customer_id) is None]
    if unknown:
        path = ["context", "customers", "add"]
        raise DiscountRefused(path, "Customer does not exist", "INVALID")
    return ids


def _value(store: Store, value: View) -> tuple[int | None, int | None, bool]:
    percentage, amount = value.get("percentage"), value.get("discountAmount")
    path = ["customerGets", "value"]
    if (percentage is None) == (amount is None):
        raise DiscountRefused(path, "Give one of percentage and discountAmount", "INVALID")
    if percentage is not None:
        if not 0 < percentage <= 1:
            message = "Value must be between 0.0 and 1.0"
            raise DiscountRefused([*path, "percentage"], message, "VALUE_OUTSIDE_RANGE")
        return round(Decimal(str(percentage)) * 10_000), None, False
    assert amount is not None  # noqa: S101 - one of the two is there
    amount_path = [*path, "discountAmount", "amount"]
    amount_minor = _amount(store, amount.get("amount") or Decimal(0), amount_path)
    if amount_minor <= 0:
        raise DiscountRefused(amount_path, "Value must be greater than 0", "GREATER_THAN")
    return None, amount_minor, bool(amount.get("appliesOnEachItem"))


def _amount(store: Store, amount: Decimal, path: list[str]) -> int:
    try:
        return minor(amount, store.shop.currency)
    except ValueError as problem:
        raise DiscountRefused(path, str(problem), "INVALID") from problem


def read_ids(gids: list[str] | None, kind: str) -> tuple[int, ...]:
    """Return the numbers of global ids of one type."""
    found = []
    for gid in gids or ():
        try:
            given, number = gid_parts(gid)
        except ValueError as problem:
            raise DiscountRefused([], str(problem), "INVALID") from problem
        if given != kind:
            raise DiscountRefused([], f"{gid} is not a {kind}", "INVALID")
        found.append(number)
    return tuple(found)
