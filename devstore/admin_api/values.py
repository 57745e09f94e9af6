"""Values as the Admin API writes them: money, moments, global ids."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from devstore.store.codec import stamp
from devstore.store.money import from_decimal, to_decimal_string
from devstore.store.order import Order


def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """Return a MoneyV2; Shopify writes at least one decimal and no needless zeros: 120.0."""
    text = to_decimal_string(amount_minor, currency)
    whole, _, part = text.partition(".")
    return {"amount": f"{whole}.{part.rstrip('0') or '0'}", "currencyCode": currency}


def order_bag(order: Order, amount_minor: int) -> dict[str, Any]:
    """Return a MoneyBag: an amount of an order in the shop's currency and in the customer's."""
    charged = money(order.presentment(amount_minor), order.charged_currency)
    return {"shopMoney": money(amount_minor, order.currency), "presentmentMoney": charged}


def minor(amount: Decimal, currency: str) -> int:
    """Return an amount of the API in minor units; a finer one raises ValueError."""
    return from_decimal(amount, currency)


def moment(value: datetime | None) -> str | None:
    """Return a DateTime."""
    return None if value is None else stamp(value)


def gid_parts(gid: str) -> tuple[str, int]:
    """Return type and number of a global id; nonsense raises ValueError."""
    prefix, _, number = gid.rpartition("/")
    if not prefix.startswith("gid://shopify/") or not number.isdigit():
        raise ValueError(f"Invalid global id '{gid}'")
    return prefix.removeprefix("gid://shopify/"), int(number)
