"""Jinja filters of the back office."""

from collections.abc import Callable
from datetime import datetime

from devstore.back_office.words import (
    day_words,
    initials,
    moment_words,
    money_words,
    second_words,
)
from devstore.services import Services
from devstore.store.order import Order
from devstore.store.order_line import OrderLine
from devstore.store.order_money import Transaction

_SOURCES = {
    "web": "Online store",
    "shopify_draft_order": "Placed by staff",
    "pos": "Point of sale",
}


_GATEWAYS = {
    "bogus": "card",
    "cash": "cash",
    "gift_card": "gift card",
    "shopify_store_credit": "store credit",
}
_KINDS = {
    "sale": "Paid",
    "authorization": "Authorised",
    "capture": "Captured",
    "void": "Released",
    "refund": "Paid back",
}


def back_office_filters(services: Services) -> dict[str, Callable[..., str]]:
    """Return the filters by name, for the shop's currency and time zone."""
    shop = services.store.shop

    def money(amount_minor: int) -> str:
        return money_words(amount_minor, shop.currency)

    def moment(at: datetime) -> str:
        return moment_words(at, shop)

    def second(at: datetime) -> str:
        return second_words(at, shop)

    def day(at: datetime) -> str:
        return day_words(at, shop)

    return {
        "money_words": money,
        "moment_words": moment,
        "second_words": second,
        "day_words": day,
        "initials": initials,
        "source_words": source_words,
        "codes_of": codes_of,
        "payment_words": payment_words,
        "charged_words": charged_words,
    }


def charged_words(amount_minor: int, order: Order) -> str:
    """Return an amount of an order as its customer was charged it."""
    return money_words(order.presentment(amount_minor), order.charged_currency)


def payment_words(transaction: Transaction) -> str:
    """Return what a payment did, by what, and whether it has arrived."""
    done = _KINDS.get(transaction.kind, transaction.kind.capitalize())
    means = _GATEWAYS.get(transaction.gateway, transaction.gateway.replace("_", " "))
    on_its_way = ", on its way" if transaction.status == "pending" else ""
    return f"{done} by {means}{on_its_way}"


def source_words(source_name: str) -> str:
    """Return where an order came from, in words."""
    return _SOURCES.get(source_name, source_name.replace("_", " ").capitalize())


def codes_of(line: OrderLine, order: Order) -> str:
    """Return the codes that took something off a line."""
    used = dict.fromkeys(each.index for each in line.allocations)
    return ", ".join(order.discount_codes[index].code for index in used)
