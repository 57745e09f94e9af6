"""CDNOW's purchases as orders: one order a line, its number the line's."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from devstore.history.happenings import Happening, History
from devstore.history.people import draw_person
from devstore.store.customers import Customer
from devstore.store.money import from_decimal
from devstore.store.order import Order
from devstore.store.order_line import OrderLine
from devstore.store.order_money import Transaction
from devstore.store.shop import Shop

FIRST_CUSTOMER_ID = 7_200_000_000_000
FIRST_ORDER_ID = 5_200_000_000_000
FIRST_LINE_ID = 13_200_000_000_000
FIRST_TRANSACTION_ID = 6_200_000_000_000


class WrongCurrency(ValueError):
    """The file's amounts are US dollars: replay it into a store made with --currency USD."""


def read_cdnow(path: Path, shop: Shop, now: datetime, limit: int | None = None) -> History:
    """Return the file as a history; its orders are paid, created `now` and processed then."""
    if shop.currency != "USD":
        raise WrongCurrency(WrongCurrency.__doc__)
    history = History()
    customers: dict[int, Customer] = {}
    for number, (customer, at, discs, dollars) in enumerate(islice(_lines(path), limit), 1):
        if customer not in customers:
            customers[customer] = _customer(customer, now)
        amount_minor = from_decimal(dollars, shop.currency)
        history.orders.append(_order(number, customers[customer], at, discs, amount_minor, now))
    history.customers = list(customers.values())
    history.happenings = [Happening("orders/paid", order) for order in history.orders]
    return history


def _lines(path: Path) -> Iterator[tuple[int, datetime, int, str]]:
    with path.open() as lines:
        for line in lines:
            customer, day, discs, dollars = line.split()
            # Noon UTC: the file knows the day only.
            at = datetime.strptime(f"{day}12+0000", "%Y%m%d%H%z").astimezone(UTC)
            yield int(customer), at, int(discs), dollars


def _customer(number: int, now: datetime) -> Customer:
    person = draw_person(random.Random(number))
    email = f"cdnow{number:05d}@example.com"
    return Customer(
        FIRST_CUSTOMER_ID + number, person.first_name, person.last_name, email, now, now,
        locale=person.locale,
    )  # fmt: skip


def _order(
    number: int, customer: Customer, at: datetime, discs: int, amount_minor: int, now: datetime
) -> Order:
    title = "1 CD" if discs == 1 else f"{discs} CDs"
    line = OrderLine(
        FIRST_LINE_ID + number, None, None, title, None, "CD", 1, 1, amount_minor, grams=100 * discs
    )
    payment = Transaction(FIRST_TRANSACTION_ID + number, "sale", amount_minor, now)
    return Order(
        id=FIRST_ORDER_ID + number,
        number=number,
        customer_id=customer.id,
        email=customer.email,
        currency="USD",
        lines=(line,),
        created_at=now,
        processed_at=at,
        updated_at=now,
        transactions=(payment,),
        taxes_included=False,
        source_name="cdnow",
    )
