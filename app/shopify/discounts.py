"""Discount codes at Shopify: one customer's, used once, made at most once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.money import to_decimal_text, to_minor
from app.domain.reward import DiscountRequest
from app.shopify.client import DEFAULT_BUDGET_S, Run
from app.shopify.errors import ShopifyRefused, ShopifyUnavailable, UserError

CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOrder:
    """The code to make: what it does, for whom and until when."""

    code: str
    title: str
    """Shown to the merchant's staff, and to the shopper where the code applies."""
    customer_id: int
    currency: str
    created_at: datetime
    ends_at: datetime
    discount: DiscountRequest
    product_ids: Sequence[int] = ()
    collection_ids: Sequence[int] = ()
    """What it is for; both empty: the whole order."""
    combines_with: Sequence[str] | None = None
    """Classes of discounts: order, product, shipping; None: as the discount itself has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCode:
    """A code as Shopify knows it; its count of uses lags behind."""

    gid: str
    used: bool


def create_code(run: Run, order: CodeOrder, *, budget_s: float = DEFAULT_BUDGET_S) -> str:
    """Make the code and return the id of its discount; one that exists already is done.

    Raises ShopifyRefused when Shopify will not make it, ShopifyUnavailable when it is not known.
    """
    operation = "create_basic_code"
    if order.discount.kind == "free_shipping":
        operation = "create_free_shipping_code"
    if order.discount.kind == "free_variant":
        order = _at_its_price(run, order, budget_s)
    try:
        data = run(operation, {"discount": _input(order)}, budget_s=budget_s)
    except ShopifyRefused as refusal:
        # The code is ours alone: it can be taken only because an earlier attempt made it.
        if "TAKEN" not in refusal.codes:
            raise
        return _found_or_unknown(run, order.code, refusal, budget_s).gid
    (payload,) = data.values()
    return str(payload["codeDiscountNode"]["id"])


def _found_or_unknown(run: Run, code: str, refusal: ShopifyRefused, budget_s: float) -> "FoundCode":
    found = find_code(run, code, budget_s=budget_s)
    if found is None:
        # Shopify finds new codes only after a moment: what became of it is not known yet.
        raise ShopifyUnavailable(
            shop_domain=refusal.shop_domain,
            operation=refusal.operation,
            reason="taken_but_not_found",
            maybe_done=True,
        )
    return found


def find_code(run: Run, code: str, *, budget_s: float = DEFAULT_BUDGET_S) -> FoundCode | None:
    """Return what Shopify knows of `code`, or None when there is no such code."""
    node = run("find_code", {"code": code}, budget_s=budget_s)["codeDiscountNodeByCode"]
    if node is None:
        return None
    return FoundCode(gid=node["id"], used=node["codeDiscount"].get("asyncUsageCount", 0) > 0)


def delete_code(run: Run, gid: str, *, budget_s: float = DEFAULT_BUDGET_S) -> None:
    """Delete the discount, so that its code can no longer be used; deleting it again is done."""
    try:
        run("delete_code", {"id": gid}, repeatable=True, budget_s=budget_s)
    except ShopifyRefused as refusal:
        if any(error.field != "id" for error in refusal.errors):
            raise


def _input(order: CodeOrder) -> dict[str, Any]:
    discount = order.discount
    asked: dict[str, Any] = {
        "title": order.title,
        "code": order.code,
        # A clock of Shopify's that is behind ours must not make the code start in its future.
        "startsAt": _iso(order.created_at - CLOCK_SKEW),
        "endsAt": _iso(order.ends_at),
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": {"customers": {"add": [f"gid://shopify/Customer/{order.customer_id}"]}},
        "combinesWith": _combinations(order),
    }
    if discount.minimum_subtotal_minor:
        least = to_decimal_text(discount.minimum_subtotal_minor, order.currency)
        asked["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": least}}
    if discount.kind == "free_shipping":
        return asked | {"destination": {"all": True}}
    return asked | {"customerGets": {"items": _items(order), "value": _value(order)}}


def _combinations(order: CodeOrder) -> dict[str, bool]:
    classes = order.discount.combines_with if order.combines_with is None else order.combines_with
    return {f"{name}Discounts": name in classes for name in ("order", "product", "shipping")}


def _at_its_price(run: Run, order: CodeOrder, budget_s: float) -> CodeOrder:
    """Return the order with the price of the free variant as its amount.

    A share of 100 % would make every piece of it in the cart free; an amount is taken off once.
    """
    gid = f"gid://shopify/ProductVariant/{order.discount.variant_id}"
    variant = run("variant_price", {"id": gid}, budget_s=budget_s)["productVariant"]
    if variant is None:
        raise ShopifyRefused(
            shop_domain="",
            operation="variant_price",
            errors=(UserError("VARIANT_GONE", "variant_id"),),
        )
    price_minor = to_minor(variant["price"], order.currency)
    return replace(order, discount=replace(order.discount, amount_minor=price_minor))


def _items(order: CodeOrder) -> dict[str, Any]:
    if order.discount.variant_id is not None:
        gid = f"gid://shopify/ProductVariant/{order.discount.variant_id}"
        return {"products": {"productVariantsToAdd": [gid]}}
    if order.product_ids:
        ids = [f"gid://shopify/Product/{each}" for each in order.product_ids]
        return {"products": {"productsToAdd": ids}}
    if order.collection_ids:
        ids = [f"gid://shopify/Collection/{each}" for each in order.collection_ids]
        return {"collections": {"add": ids}}
    return {"all": True}


def _value(order: CodeOrder) -> dict[str, Any]:
    if order.discount.kind == "percentage":
        # Shopify's own unit: a fraction of 1.
        return {"percentage": order.discount.percentage_bp / 10_000}
    amount = to_decimal_text(order.discount.amount_minor, order.currency)
    return {"discountAmount": {"amount": amount, "appliesOnEachItem": False}}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
