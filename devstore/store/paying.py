"""What payments make of an order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from devstore.store.order import Order
from devstore.store.order_money import CARD, GIFT_CARD, Transaction

NewId = Callable[[str], int]


class WrongAmount(ValueError):
    """Nothing, or more than is to be paid or captured."""


def paid(order: Order, new_id: NewId, now: datetime, gateway: str = CARD) -> Order:
    """Return the order with everything outstanding paid; an order for nothing needs no payment."""
    if order.outstanding_minor == 0:
        return replace(order, updated_at=now)
    return moved(order, "sale", order.outstanding_minor, new_id, now, gateway)


def paid_at_checkout(
    order: Order, new_id: NewId, now: datetime, gift_card_minor: int, gateway: str
) -> Order:
    """Return the order paid by gift card as far as that goes, and the rest otherwise."""
    by_card = min(gift_card_minor, order.outstanding_minor)
    if by_card:
        order = moved(order, "sale", by_card, new_id, now, GIFT_CARD)
    return paid(order, new_id, now, gateway)


def moved(
    order: Order,
    kind: str,
    amount_minor: int,
    new_id: NewId,
    now: datetime,
    gateway: str = CARD,
    gift_card_id: int | None = None,
) -> Order:
    """Return the order with one more transaction; what can't be moved raises WrongAmount."""
    most = {
        "sale": order.outstanding_minor,
        "authorization": order.outstanding_minor,
        "capture": order.authorized_minor,
        "void": order.authorized_minor,
    }[kind]
    if not 0 < amount_minor <= most:
        raise WrongAmount(amount_minor)
    transaction = Transaction(
        new_id("transaction"), kind, amount_minor, now, gateway, gift_card_id=gift_card_id
    )
    return replace(order, transactions=(*order.transactions, transaction), updated_at=now)
