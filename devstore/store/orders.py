"""Orders of the shop: placed, paid, refunded, edited, cancelled, deleted, found."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.codec import decode, encode, stamp
from devstore.store.customers import Customers
from devstore.store.database import Database
from devstore.store.discounts import Discounts
from devstore.store.editing import OrderEdit, edited
from devstore.store.evaluation import CartLine, Evaluation, Refusal, price_lines
from devstore.store.events import Events
from devstore.store.filters import Filter, conditions
from devstore.store.order import Order, Refund
from devstore.store.placement import Shipping, order_lines, paid, shipping_lines, used_codes
from devstore.store.products import Products
from devstore.store.refunding import refunded
from devstore.store.shop import Shop

FIRST_IDS = {
    "order": 5_000_000_000_001,
    "line": 13_000_000_000_001,
    "shipping": 4_000_000_000_001,
    "transaction": 6_000_000_000_001,
    "refund": 900_000_000_001,
    "refund_line": 300_000_000_001,
    "order_edit": 70_000_000_001,
}
FIRST_NUMBER = 1001
ORDER_COLUMNS = ("id", "number", "customer_id", "created_at", "processed_at", "updated_at")


class UnknownOrder(LookupError):
    """There is no such order."""


class CodesRefused(ValueError):
    """Some of the discount codes can't be used; carries their refusals."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals))
        self.refusals = tuple(refusals)


class NumberTaken(ValueError):
    """Another order has this number: replay files into a store of their own."""


class OrderClosed(ValueError):
    """A cancelled order can't be paid, edited or cancelled again."""


@dataclass(frozen=True)
class RefundEvent:
    """What refunds/create announces."""

    order: Order
    refund: Refund


@dataclass(frozen=True)
class EditEvent:
    """What orders/edited announces."""

    order: Order
    edit: OrderEdit


class Orders:
    """The orders table and everything that may be done to an order."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        events: Events,
        shop: Shop,
        products: Products,
        customers: Customers,
        discounts: Discounts,
    ) -> None:
        self._database = database
        self._clock = clock
        self._events = events
        self._shop = shop
        self._products = products
        self._customers = customers
        self._discounts = discounts

    def get(self, order_id: int) -> Order | None:
        """Return an order, or None."""
        row = self._database.row("SELECT document FROM shop_order WHERE id = ?", order_id)
        return None if row is None else decode(Order, row["document"])

    def by_number(self, number: int) -> Order | None:
        """Return the order with this number, or None."""
        row = self._database.row("SELECT document FROM shop_order WHERE number = ?", number)
        return None if row is None else decode(Order, row["document"])

    def by_refund(self, refund_id: int) -> Order | None:
        """Return the order a refund belongs to, or None."""
        sql = "SELECT order_id FROM refund WHERE id = ?"
        row = self._database.row(sql, refund_id)
        return None if row is None else self.get(row["order_id"])

    def require(self, order_id: int) -> Order:
        """Return an order or raise UnknownOrder."""
        found = self.get(order_id)
        if found is None:
            raise UnknownOrder(order_id)
        return found

    def all(self, limit: int = 50, offset: int = 0, customer_id: int | None = None) -> list[Order]:
        """Return orders, the most recently processed first, of one customer if asked."""
        sql = (
            "SELECT document FROM shop_order WHERE (? IS NULL OR customer_id = ?)"
            " ORDER BY processed_at DESC, id DESC LIMIT ? OFFSET ?"
        )
        rows = self._database.rows(sql, customer_id, customer_id, limit, offset)
        return [decode(Order, row["document"]) for row in rows]

    def count(self, customer_id: int | None = None) -> int:
        """Return how many orders there are."""
        sql = "SELECT count(*) AS n FROM shop_order WHERE (? IS NULL OR customer_id = ?)"
        return int(self._database.rows(sql, customer_id, customer_id)[0]["n"])

    def place(
        self,
        customer_id: int | None,
        lines: Sequence[CartLine],
        discount_codes: Sequence[str] = (),
        shipping: Shipping | None = None,
        mark_paid: bool = True,
        note: str | None = None,
        processed_at: datetime | None = None,
        email: str | None = None,
        test: bool = False,
        source_name: str = "web",
        locale: str = "en",
    ) -> Order:
        """Place an order, count the codes' uses and announce create, paid (if so) and updated.

        A guest's `email` finds or makes a customer record, as at Shopify. Codes that can't be
        used raise CodesRefused and nothing is stored.
        """
        if not lines or any(line.quantity < 1 for line in lines):
            raise ValueError("An order needs at least one line, each of at least one.")
        with self._database.transaction():
            now = self._clock.now()
            buyer_id = customer_id if customer_id is not None else self._guest(email, locale)
            cart = self._evaluated(discount_codes, buyer_id, lines, now, shipping)
            order = self._build(buyer_id, cart, shipping, now, processed_at or now, email)
            order = replace(order, note=note, test=test, source_name=source_name, locale=locale)
            if mark_paid:
                order = paid(order, self.new_id, now)
            self._save(order)
            for applied in cart.applied:
                self._discounts.record_use(applied.discount.id, buyer_id, order.id)
            topics = ("orders/create", "orders/paid", "orders/updated")
            self._announce(order, *topics if mark_paid else ("orders/create",))
        return order

    def pay(self, order_id: int) -> Order:
        """Pay what is outstanding and announce paid and updated."""
        with self._database.transaction():
            order = self._open(order_id)
            if order.outstanding_minor == 0:
                return order
            order = paid(order, self.new_id, self._clock.now())
            self._save(order)
            self._announce(order, "orders/paid", "orders/updated")
        return order

    def refund(
        self,
        order_id: int,
        lines: Sequence[tuple[int, int]] = (),
        amount_minor: int | None = None,
        shipping_minor: int = 0,
        restock: bool = True,
        note: str | None = None,
    ) -> Refund:
        """Refund units of lines (line id, quantity), an amount, or both; announce it.

        Without an amount what the units and the shipping cost is paid out. More than is left
        raises ValueError.
        """
        with self._database.transaction():
            order, refund = refunded(
                self.require(order_id), lines, amount_minor, shipping_minor, restock, note,
                self._clock.now(), self.new_id,
            )  # fmt: skip
            self._save(order)
            self._events.announce("refunds/create", RefundEvent(order, refund))
            self._announce(order, "orders/updated")
        return refund

    def refund_rest(self, order_id: int, restock: bool = True) -> Refund:
        """Refund everything that is left of an order, shipping included."""
        order = self.require(order_id)
        lines = [(line.id, line.current_quantity) for line in order.lines if line.current_quantity]
        amount_minor = order.paid_minor - order.refunded_minor
        shipping = order.shipping_minor - sum(each.shipping_minor for each in order.refunds)
        return self.refund(order_id, lines, amount_minor, shipping, restock)

    def edit(
        self,
        order_id: int,
        quantities: Mapping[int, int] | None = None,
        add: Sequence[CartLine] = (),
    ) -> Order:
        """Set lines' current quantities (line id → quantity) and add lines; announce the edit."""
        with self._database.transaction():
            added = price_lines(self._products, add)
            order, edit = edited(
                self._open(order_id), quantities or {}, added, self._shop, self._clock.now(),
                self.new_id,
            )  # fmt: skip
            self._save(order)
            self._events.announce("orders/edited", EditEvent(order, edit))
            self._announce(order, "orders/updated")
        return order

    def cancel(self, order_id: int, refund: bool = True, reason: str = "customer") -> Order:
        """Cancel an order, give back what was paid if asked, and announce it."""
        with self._database.transaction():
            order = self._open(order_id)
            if refund and order.paid_minor > order.refunded_minor:
                self.refund_rest(order_id)
            elif refund:
                order = replace(
                    order, lines=tuple(replace(x, current_quantity=0) for x in order.lines)
                )
                self._save(order)
            now = self._clock.now()
            order = self.require(order_id)
            order = replace(order, cancelled_at=now, cancel_reason=reason, updated_at=now)
            self._save(order)
            self._announce(order, "orders/cancelled", "orders/updated")
        return order

    def fulfil(self, order_id: int) -> Order:
        """Mark an order as sent and announce it."""
        with self._database.transaction():
            now = self._clock.now()
            order = replace(self._open(order_id), fulfilled_at=now, updated_at=now)
            self._save(order)
            self._announce(order, "orders/updated")
        return order

    def delete(self, order_id: int) -> None:
        """Delete an order and announce it."""
        with self._database.transaction() as connection:
            order = self.require(order_id)
            connection.execute("DELETE FROM shop_order WHERE id = ?", (order_id,))
            self._announce(order, "orders/delete")

    def page(
        self,
        filters: Sequence[Filter],
        after: tuple[str | int, int] | None,
        limit: int,
        sort: str = "updated_at",
        descending: bool = False,
    ) -> list[Order]:
        """Return the orders that pass every filter after a position, by `sort` and id."""
        where, values = conditions(filters, after, sort, descending, ORDER_COLUMNS)
        turn = "DESC" if descending else "ASC"
        sql = f"SELECT document FROM shop_order WHERE {where} ORDER BY {sort} {turn}, id {turn} LIMIT ?"  # noqa: S608 - column names are checked
        return [decode(Order, row["document"]) for row in self._database.rows(sql, *values, limit)]

    def import_many(self, orders: Iterable[Order]) -> None:
        """Store orders as they are (also over older states), without announcing them.

        A number that another order has raises NumberTaken, and none of them is stored.
        """
        highest = 0
        with self._database.transaction():
            for order in orders:
                try:
                    self._save(order)
                except sqlite3.IntegrityError as problem:
                    raise NumberTaken(NumberTaken.__doc__) from problem
                highest = max(highest, order.number)
            self._database.raise_sequence("order_number", highest)

    def new_id(self, name: str) -> int:
        """Return the next id for an order, a line, a refund and so on."""
        return self._database.next_id(name, FIRST_IDS[name], 2)

    def _open(self, order_id: int) -> Order:
        order = self.require(order_id)
        if order.cancelled_at is not None:
            raise OrderClosed(order_id)
        return order

    def _guest(self, email: str | None, locale: str) -> int | None:
        if not email:
            return None
        known = self._customers.by_email(email)
        if known is None:
            known = self._customers.create(
                first_name="", email=email, locale=locale, state="disabled"
            )
        return known.id

    def _evaluated(
        self,
        codes: Sequence[str],
        customer_id: int | None,
        lines: Sequence[CartLine],
        now: datetime,
        shipping: Shipping | None,
    ) -> Evaluation:
        price_minor = shipping.price_minor if shipping else 0
        cart = self._discounts.evaluate(codes, customer_id, lines, now, price_minor)
        if cart.refused:
            raise CodesRefused(cart.refused)
        return cart

    def _build(
        self,
        customer_id: int | None,
        cart: Evaluation,
        shipping: Shipping | None,
        now: datetime,
        processed_at: datetime,
        email: str | None,
    ) -> Order:
        buyer = None if customer_id is None else self._customers.require(customer_id)
        return Order(
            id=self.new_id("order"),
            number=self._database.next_id("order_number", FIRST_NUMBER),
            customer_id=customer_id,
            email=email or (buyer.email if buyer else None),
            currency=self._shop.currency,
            lines=order_lines(self._shop, cart, self.new_id),
            created_at=now,
            processed_at=processed_at,
            updated_at=now,
            shipping_lines=shipping_lines(self._shop, shipping, cart.applied, self.new_id),
            discount_codes=used_codes(cart.applied, self._shop.currency),
            taxes_included=self._shop.taxes_included,
        )

    def _announce(self, order: Order, *topics: str) -> None:
        for topic in topics:
            self._events.announce(topic, order)

    def _save(self, order: Order) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO shop_order VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " customer_id = excluded.customer_id, updated_at = excluded.updated_at,"
                " document = excluded.document",
                (
                    order.id, order.number, order.customer_id, stamp(order.created_at),
                    stamp(order.processed_at), stamp(order.updated_at), encode(order),
                ),
            )  # fmt: skip
            connection.executemany(
                "INSERT OR IGNORE INTO refund VALUES (?, ?)",
                [(refund.id, order.id) for refund in order.refunds],
            )
