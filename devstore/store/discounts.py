"""Discount codes as Shopify keeps them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from devstore.store.automatic import AutomaticDiscounts, best_for, with_automatic
from devstore.store.clock import Clock
from devstore.store.codec import decode, encode
from devstore.store.database import Database
from devstore.store.discount import Discount
from devstore.store.evaluation import CartLine, Evaluation, Refusal, evaluate, price_lines
from devstore.store.products import Products

FIRST_DISCOUNT_ID = 1_200_000_000_001


SegmentsOf = Callable[[int | None], frozenset[int]]
"""Returns the ids of the segments that a customer, if any, belongs to."""


class CodeTaken(ValueError):
    """Code must be unique. Please try a different code."""


class Discounts:
    """The discount table."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        products: Products,
        currency: str,
        segments_of: SegmentsOf,
    ) -> None:
        self.automatic = AutomaticDiscounts(database)
        self._segments_of = segments_of
        self._database = database
        self._clock = clock
        self._products = products
        self._currency = currency

    def by_code(self, code: str) -> Discount | None:
        """Return the discount with this code, whatever its case, or None."""
        return self._one("SELECT * FROM discount WHERE code = ?", code.strip())

    def get(self, discount_id: int) -> Discount | None:
        """Return a discount, or None."""
        return self._one("SELECT * FROM discount WHERE id = ?", discount_id)

    def all(self, limit: int = 50, offset: int = 0) -> list[Discount]:
        """Return discounts, the newest first."""
        sql = "SELECT document, usage_count FROM discount ORDER BY id DESC LIMIT ? OFFSET ?"
        rows = self._database.rows(sql, limit, offset)
        return [_read(row["document"], row["usage_count"]) for row in rows]

    def create(self, build: Callable[[int, datetime], Discount]) -> Discount:
        """Store the discount that `build(id, now)` returns; a used code raises CodeTaken."""
        with self._database.transaction():
            discount_id = self._database.next_id("discount", FIRST_DISCOUNT_ID, 3)
            discount = build(discount_id, self._clock.now())
            if self.by_code(discount.code) is not None:
                raise CodeTaken(discount.code)
            self._save(discount)
        return discount

    def deactivate(self, discount_id: int) -> Discount | None:
        """End a discount now and return it; None if there is none."""
        with self._database.transaction():
            discount = self.get(discount_id)
            if discount is None:
                return None
            now = self._clock.now()
            if discount.status(now) != "EXPIRED":
                discount = replace(discount, ends_at=now, updated_at=now)
                self._save(discount)
        return discount

    def delete(self, discount_id: int) -> bool:
        """Delete a discount; return whether there was one."""
        with self._database.transaction() as connection:
            done = connection.execute("DELETE FROM discount WHERE id = ?", (discount_id,))
        return done.rowcount > 0

    def record_use(self, discount_id: int, customer_id: int | None, order_id: int) -> None:
        """Count one use by an order; the same order counts once."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "INSERT OR IGNORE INTO discount_use VALUES (?, ?, ?)",
                (discount_id, customer_id, order_id),
            )
            connection.execute(
                "UPDATE discount SET usage_count = usage_count + ? WHERE id = ?",
                (done.rowcount, discount_id),
            )

    def used_by(self, discount_id: int, customer_id: int) -> bool:
        """Whether this customer used the code before."""
        sql = "SELECT 1 FROM discount_use WHERE discount_id = ? AND customer_id = ? LIMIT 1"
        return self._database.row(sql, discount_id, customer_id) is not None

    def evaluate(
        self,
        codes: Sequence[str],
        customer_id: int | None,
        lines: Sequence[CartLine],
        now: datetime,
        shipping_minor: int = 0,
    ) -> Evaluation:
        """Return what the codes take off each line and the shipping, and which are refused."""
        found: list[Discount] = []
        refused: list[Refusal] = []
        for code in dict.fromkeys(code.strip() for code in codes if code.strip()):
            discount = self.by_code(code)
            if discount is None:
                message = f"{code}: enter a valid discount code or gift card"
                refused.append(Refusal(code, "unknown", message))
            else:
                found.append(discount)
        used = frozenset(
            discount.id
            for discount in found
            if customer_id is not None and self.used_by(discount.id, customer_id)
        )
        priced = price_lines(self._products, lines)
        result = evaluate(priced, found, customer_id, used, now, shipping_minor, self._currency)
        result = replace(result, refused=(*refused, *result.refused))
        given = best_for(
            self.automatic.all(), self._segments_of(customer_id), result.subtotal_minor, now
        )
        return with_automatic(result, given, shipping_minor)

    def _one(self, sql: str, value: str | int) -> Discount | None:
        row = self._database.row(sql, value)
        return None if row is None else _read(row["document"], row["usage_count"])

    def _save(self, discount: Discount) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO discount (id, code, document) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET code = excluded.code, document = excluded.document",
                (discount.id, discount.code, encode(discount)),
            )


def _read(document: bytes, usage_count: int) -> Discount:
    return replace(decode(Discount, document), usage_count=usage_count)
