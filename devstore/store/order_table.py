"""The orders table: orders found, stored and imported."""

import sqlite3
from collections.abc import Iterable, Sequence

from devstore.store.codec import decode, encode, stamp
from devstore.store.database import Database
from devstore.store.filters import Filter, conditions
from devstore.store.order import Order

FIRST_IDS = {
    "order": 5_000_000_000_001,
    "line": 13_000_000_000_001,
    "shipping": 4_000_000_000_001,
    "transaction": 6_000_000_000_001,
    "refund": 900_000_000_001,
    "refund_line": 300_000_000_001,
    "order_edit": 70_000_000_001,
    "return": 8_000_000_001,
    "duty": 500_000_001,
}
FIRST_NUMBER = 1001
ORDER_COLUMNS = ("id", "number", "customer_id", "created_at", "processed_at", "updated_at")


class UnknownOrder(LookupError):
    """There is no such order."""


class NumberTaken(ValueError):
    """Another order has this number: replay files into a store of their own."""


class OrderTable:
    """Orders as they are stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
                    self.save(order)
                except sqlite3.IntegrityError as problem:
                    raise NumberTaken(NumberTaken.__doc__) from problem
                highest = max(highest, order.number)
            self._database.raise_sequence("order_number", highest)

    def new_id(self, name: str) -> int:
        """Return the next id for an order, a line, a refund and so on."""
        return self._database.next_id(name, FIRST_IDS[name], 2)

    def next_number(self) -> int:
        """Return the number that people know the next order by."""
        return self._database.next_id("order_number", FIRST_NUMBER)

    def save(self, order: Order) -> None:
        """Store an order over its older state."""
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
