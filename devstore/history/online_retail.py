"""Online Retail's invoices as orders; invoices that begin with C are refunds of earlier lines."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path

from devstore.history.happenings import Happening, History
from devstore.history.people import draw_person
from devstore.store.customers import Customer
from devstore.store.money import decimals
from devstore.store.order import Order
from devstore.store.order_line import OrderLine
from devstore.store.orders import RefundEvent
from devstore.store.paying import paid
from devstore.store.refunding import Payout, refunded
from devstore.store.shop import Shop

FIRST_CUSTOMER_ID = 7_300_000_000_000
FIRST_ORDER_ID = 5_300_000_000_000
FIRST_OTHER_ID = 13_300_000_000_000


@dataclass(frozen=True)
class Row:
    """One line of an invoice; a customer may be unknown."""

    invoice: str
    stock_code: str
    description: str
    quantity: int
    day: datetime
    price_minor: int
    customer: int | None


def read_online_retail(path: Path, shop: Shop, now: datetime, limit: int | None = None) -> History:
    """Return the first `limit` invoices as a history; prices are taken as the shop's currency.

    Orders are processed on the invoice's day and created an hour before `now`; what happens to an
    order later is a second apart.
    """
    return _Replay(shop, now).run(path, limit)


class _Replay:
    def __init__(self, shop: Shop, now: datetime) -> None:
        self._shop = shop
        # An hour ago, so that what happens to an order later has happened by now.
        self._now = now - timedelta(hours=1)
        self._history = History()
        self._customers: dict[int, Customer] = {}
        self._orders: dict[int, Order] = {}
        # Where a customer's units of a product may be given back: order and line, oldest first.
        self._bought: dict[tuple[int | None, str], list[tuple[int, int]]] = {}
        self._last_id = FIRST_OTHER_ID

    def run(self, path: Path, limit: int | None) -> History:
        """Read invoice by invoice."""
        for count, (invoice, rows) in enumerate(groupby(_rows(path, self._shop), _invoice)):
            if limit is not None and count >= limit:
                break
            if invoice.startswith("C"):
                self._return(list(rows))
            else:
                self._buy(invoice, [row for row in rows if _is_sale(row)])
        self._history.customers = list(self._customers.values())
        self._history.orders = list(self._orders.values())
        return self._history

    def _new_id(self, _name: str = "") -> int:
        self._last_id += 1
        return self._last_id

    def _buy(self, invoice: str, rows: list[Row]) -> None:
        number = int("".join(filter(str.isdigit, invoice)) or "0")
        if not rows or not number:
            return
        buyer = self._customer(rows[0].customer)
        order = Order(
            id=FIRST_ORDER_ID + number,
            number=number,
            customer_id=buyer.id if buyer else None,
            email=buyer.email if buyer else None,
            currency=self._shop.currency,
            lines=tuple(self._line(row) for row in rows),
            created_at=self._now,
            processed_at=rows[0].day,
            updated_at=self._now,
            taxes_included=False,
            source_name="online-retail",
        )
        order = paid(order, self._new_id, self._now)
        self._orders[order.id] = order
        for row, line in zip(rows, order.lines, strict=True):
            key = (row.customer, row.stock_code)
            self._bought.setdefault(key, []).append((order.id, line.id))
        self._history.happenings.append(Happening("orders/paid", order))

    def _line(self, row: Row) -> OrderLine:
        title = row.description or row.stock_code
        return OrderLine(
            self._new_id(), None, None, title, None, row.stock_code, row.quantity, row.quantity,
            row.price_minor,
        )  # fmt: skip

    def _customer(self, number: int | None) -> Customer | None:
        if number is None:
            return None
        if number not in self._customers:
            person = draw_person(random.Random(number))
            self._customers[number] = Customer(
                FIRST_CUSTOMER_ID + number, person.first_name, person.last_name,
                f"retail{number}@example.com", self._now, self._now, locale=person.locale,
            )  # fmt: skip
        return self._customers[number]

    def _return(self, rows: list[Row]) -> None:
        taken: dict[int, dict[int, int]] = {}
        for row in rows:
            left = -row.quantity
            for order_id, line_id in reversed(self._bought.get((row.customer, row.stock_code), [])):
                before = taken.get(order_id, {}).get(line_id, 0)
                units = min(left, self._orders[order_id].line(line_id).current_quantity - before)
                if units > 0:
                    taken.setdefault(order_id, {})[line_id] = before + units
                    left -= units
            self._history.unmatched_returns += left > 0
        for order_id, lines in taken.items():
            self._refund(self._orders[order_id], list(lines.items()))

    def _refund(self, order: Order, lines: list[tuple[int, int]]) -> None:
        at = order.updated_at + timedelta(seconds=1)
        order, refund = refunded(order, lines, Payout(), 0, True, None, at, self._new_id)
        order = replace(order, updated_at=at)
        self._orders[order.id] = order
        self._history.happenings += [
            Happening("refunds/create", RefundEvent(order, refund)),
            Happening("orders/updated", order),
        ]


def _invoice(row: Row) -> str:
    return row.invoice


def _is_sale(row: Row) -> bool:
    return row.quantity > 0 and row.price_minor >= 0


def _rows(path: Path, shop: Shop) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Row(
                invoice=row["InvoiceNo"],
                stock_code=row["StockCode"],
                description=row["Description"].strip(),
                quantity=int(row["Quantity"]),
                day=_day(row["InvoiceDate"]),
                price_minor=_price(row["UnitPrice"], shop.currency),
                customer=int(float(row["CustomerID"])) if row["CustomerID"] else None,
            )


def _day(text: str) -> datetime:
    day, month, year = text.split()[0].split("/")
    return datetime(int(year), int(month), int(day), 12, tzinfo=UTC)


def _price(text: str, currency: str) -> int:
    scaled = Decimal(text).scaleb(decimals(currency))
    return int(scaled.to_integral_value(ROUND_HALF_UP))
