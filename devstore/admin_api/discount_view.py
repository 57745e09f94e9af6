"""Discounts as the Admin API shows them."""

from typing import Any

from devstore.admin_api.connections import list_connection
from devstore.admin_api.metafield_view import metafield_resolver
from devstore.admin_api.values import moment, money
from devstore.store.automatic import AutomaticShipping
from devstore.store.discount import Discount
from devstore.store.store import Store

View = dict[str, Any]


def discount_view(store: Store, discount: Discount) -> View:
    """Return a DiscountCodeNode."""
    return {
        "__typename": "DiscountCodeNode",
        "id": discount.gid,
        "codeDiscount": _code_discount(store, discount),
        "metafield": metafield_resolver(store, discount.gid),
    }


def automatic_view(store: Store, discount: AutomaticShipping) -> View:
    """Return a DiscountAutomaticNode."""
    return {
        "__typename": "DiscountAutomaticNode",
        "id": discount.gid,
        "automaticDiscount": {
            "__typename": "DiscountAutomaticFreeShipping",
            "title": discount.title,
            "tags": list(discount.tags),
            "status": discount.status(store.clock.now()),
            "startsAt": moment(discount.starts_at),
            "endsAt": moment(discount.ends_at),
            "createdAt": moment(discount.created_at),
            "updatedAt": moment(discount.updated_at),
        },
    }


def _code_discount(store: Store, discount: Discount) -> View:
    shipping = discount.kind == "free_shipping"
    code = {
        "id": f"gid://shopify/DiscountRedeemCode/{discount.id}",
        "code": discount.code,
        "asyncUsageCount": discount.usage_count,
    }
    most = discount.maximum_shipping_minor
    return {
        "__typename": "DiscountCodeFreeShipping" if shipping else "DiscountCodeBasic",
        "title": discount.title,
        "status": discount.status(store.clock.now()),
        "startsAt": moment(discount.starts_at),
        "endsAt": moment(discount.ends_at),
        "createdAt": moment(discount.created_at),
        "updatedAt": moment(discount.updated_at),
        "usageLimit": discount.usage_limit,
        "appliesOncePerCustomer": discount.once_per_customer,
        "asyncUsageCount": discount.usage_count,
        "codes": list_connection([code]),
        "codesCount": {"count": 1, "precision": "EXACT"},
        "combinesWith": {
            "orderDiscounts": discount.combines_with.order,
            "productDiscounts": discount.combines_with.product,
            "shippingDiscounts": discount.combines_with.shipping,
        },
        "discountClasses": [discount.discount_class],
        "summary": _summary(store, discount),
        "shortSummary": _summary(store, discount),
        "maximumShippingPrice": None if most is None else money(most, store.shop.currency),
    }


def _summary(store: Store, discount: Discount) -> str:
    if discount.kind == "free_shipping":
        return "Free shipping"
    what = "entire order" if discount.discount_class == "ORDER" else "selected products"
    if discount.percentage_bp is not None:
        return f"{discount.percentage_bp / 100:g}% off {what}"
    amount = money(discount.amount_minor or 0, store.shop.currency)["amount"]
    return f"{store.shop.currency} {amount} off {what}"
