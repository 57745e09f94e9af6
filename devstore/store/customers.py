"""Customers of the shop: kept, searched, merged, deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.codec import decode, encode, stamp
from devstore.store.customer_tags import TagsEvent, without_tags
from devstore.store.database import Database
from devstore.store.events import Events
from devstore.store.filters import Filter, conditions

FIRST_CUSTOMER_ID = 7_000_000_000_001
CUSTOMER_COLUMNS = ("id", "email", "updated_at")


class UnknownCustomer(LookupError):
    """There is no such customer."""


class EmailTaken(ValueError):
    """Email has already been taken."""


class CustomerHasOrders(ValueError):
    """A customer with orders can't be deleted; Shopify refuses it too."""


@dataclass(frozen=True)
class Customer:
    """One customer record."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    created_at: datetime
    updated_at: datetime
    phone: str | None = None
    locale: str = "en"
    note: str | None = None
    tags: tuple[str, ...] = ()
    state: str = "enabled"

    @property
    def gid(self) -> str:
        """The customer's global id."""
        return f"gid://shopify/Customer/{self.id}"

    @property
    def name(self) -> str:
        """First and last name, or the email when there is no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or str(self.id)


@dataclass(frozen=True)
class MergeEvent:
    """What a merge announces."""

    kept_id: int
    deleted_id: int


class Customers:
    """The customers table."""

    def __init__(self, database: Database, clock: Clock, events: Events) -> None:
        self._database = database
        self._clock = clock
        self._events = events

    def get(self, customer_id: int) -> Customer | None:
        """Return a customer, or None."""
        row = self._database.row("SELECT document FROM customer WHERE id = ?", customer_id)
        return None if row is None else decode(Customer, row["document"])

    def by_email(self, email: str) -> Customer | None:
        """Return the customer with this email, or None."""
        row = self._database.row("SELECT document FROM customer WHERE email = ?", email.lower())
        return None if row is None else decode(Customer, row["document"])

    def require(self, customer_id: int) -> Customer:
        """Return a customer or raise UnknownCustomer."""
        found = self.get(customer_id)
        if found is None:
            raise UnknownCustomer(customer_id)
        return found

    def all(self, limit: int = 50, offset: int = 0) -> list[Customer]:
        """Return customers, the newest first."""
        sql = "SELECT document FROM customer ORDER BY id DESC LIMIT ? OFFSET ?"
        return [
            decode(Customer, row["document"]) for row in self._database.rows(sql, limit, offset)
        ]

    def page(
        self,
        filters: Sequence[Filter],
        after: tuple[str | int, int] | None,
        limit: int,
        sort: str = "id",
        descending: bool = False,
    ) -> list[Customer]:
        """Return the customers that pass every filter after a position, by `sort` and id."""
        where, values = conditions(filters, after, sort, descending, CUSTOMER_COLUMNS)
        turn = "DESC" if descending else "ASC"
        sql = (
            f"SELECT document FROM customer WHERE {where} ORDER BY {sort} {turn}, id {turn} LIMIT ?"  # noqa: S608 - column names are checked
        )
        rows = self._database.rows(sql, *values, limit)
        return [decode(Customer, row["document"]) for row in rows]

    def count(self) -> int:
        """Return how many customers there are."""
        return int(self._database.rows("SELECT count(*) AS n FROM customer")[0]["n"])

    def search(self, words: str, limit: int = 20) -> list[Customer]:
        """Return customers whose name or email holds every word, the newest first."""
        terms = [f"%{word}%" for word in words.lower().split()]
        where = " AND ".join(["words LIKE ?"] * len(terms)) or "1"
        sql = f"SELECT document FROM customer WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - only marks
        return [
            decode(Customer, row["document"]) for row in self._database.rows(sql, *terms, limit)
        ]

    def create(
        self,
        *,
        first_name: str,
        last_name: str = "",
        email: str | None = None,
        phone: str | None = None,
        locale: str = "en",
        note: str | None = None,
        tags: tuple[str, ...] = (),
        state: str = "enabled",
        created_at: datetime | None = None,
    ) -> Customer:
        """Create a customer and announce it; a known email raises EmailTaken."""
        now = created_at or self._clock.now()
        lowered = email.lower() if email else None
        with self._database.transaction():
            self._refuse_taken(lowered, None)
            customer = Customer(
                self.next_id(), first_name, last_name, lowered, now, now, phone, locale, note,
                tags, state,
            )  # fmt: skip
            self._save(customer)
            self._events.announce("customers/create", customer)
            self._announce_tags(customer, ())
        return customer

    def next_id(self) -> int:
        """Return the id of the next customer."""
        return self._database.next_id("customer", FIRST_CUSTOMER_ID, 7)

    def update(self, customer_id: int, **changes: object) -> Customer:
        """Change a customer's fields (any of Customer but id) and announce it."""
        with self._database.transaction():
            before = self.require(customer_id)
            if isinstance(email := changes.get("email"), str):
                changes["email"] = email.lower() or None
                self._refuse_taken(email.lower(), customer_id)
            customer = replace(before, **{**changes, "updated_at": self._clock.now()})  # type: ignore[arg-type]
            self._save(customer)
            self._events.announce("customers/update", customer)
            self._announce_tags(customer, before.tags)
        return customer

    def delete(self, customer_id: int) -> None:
        """Delete a customer who has no orders and announce it."""
        with self._database.transaction() as connection:
            customer = self.require(customer_id)
            sql = "SELECT 1 FROM shop_order WHERE customer_id = ? LIMIT 1"
            if self._database.row(sql, customer_id):
                raise CustomerHasOrders(customer_id)
            connection.execute("DELETE FROM customer WHERE id = ?", (customer_id,))
            connection.execute("DELETE FROM metafield WHERE owner = ?", (customer.gid,))
            self._events.announce("customers/delete", customer)

    def merge(self, kept_id: int, deleted_id: int) -> Customer:
        """Merge one customer into another: orders and codes move, the other record goes.

        Announces customers/merge, customers/update of the kept and customers/delete of the other.
        """
        if kept_id == deleted_id:
            raise ValueError("A customer can't be merged with itself.")
        with self._database.transaction() as connection:
            kept, deleted = self.require(kept_id), self.require(deleted_id)
            self._move_orders(kept_id, deleted_id)
            self._move_discounts(kept_id, deleted_id)
            connection.execute("DELETE FROM customer WHERE id = ?", (deleted_id,))
            connection.execute("DELETE FROM metafield WHERE owner = ?", (deleted.gid,))
            self._events.announce("customers/merge", MergeEvent(kept_id, deleted_id))
            tags = tuple(dict.fromkeys(kept.tags + deleted.tags))
            kept = self.update(kept_id, email=kept.email or deleted.email, tags=tags)
            self._events.announce("customers/delete", deleted)
        return kept

    def _move_orders(self, kept_id: int, deleted_id: int) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE shop_order SET customer_id = ?,"
                " document = json_set(CAST(document AS TEXT), '$.customer_id', ?) WHERE customer_id = ?",
                (kept_id, kept_id, deleted_id),
            )

    def _move_discounts(self, kept_id: int, deleted_id: int) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE discount SET document = json_set(CAST(document AS TEXT), '$.customer_ids',"
                " (SELECT json_group_array(CASE value WHEN ?2 THEN ?1 ELSE value END)"
                "  FROM json_each(CAST(document AS TEXT), '$.customer_ids')))"
                " WHERE ?2 IN (SELECT value FROM json_each(CAST(document AS TEXT), '$.customer_ids'))",
                (kept_id, deleted_id),
            )

    def request_data(self, customer_id: int) -> None:
        """Send the app the compliance request for a customer's data."""
        with self._database.transaction():
            self._events.announce("customers/data_request", self.require(customer_id))

    def redact(self, customer_id: int) -> None:
        """Send the app the compliance request to redact a customer."""
        with self._database.transaction():
            self._events.announce("customers/redact", self.require(customer_id))

    def import_many(self, customers: Iterable[Customer]) -> None:
        """Store customers as they are, without announcing them."""
        with self._database.transaction():
            for customer in customers:
                self._save(customer)

    def _announce_tags(self, customer: Customer, before: tuple[str, ...]) -> None:
        for topic, tags in (
            ("customer.tags_added", without_tags(customer.tags, before)),
            ("customer.tags_removed", without_tags(before, customer.tags)),
        ):
            if tags:
                event = TagsEvent(customer.gid, tags, customer.updated_at)
                self._events.announce(topic, event)

    def _refuse_taken(self, email: str | None, customer_id: int | None) -> None:
        other = self.by_email(email) if email else None
        if other is not None and other.id != customer_id:
            raise EmailTaken(email)

    def _save(self, customer: Customer) -> None:
        words = f"{customer.first_name} {customer.last_name} {customer.email or ''}".lower()
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO customer VALUES (?, ?, ?, ?, ?)",
                (
                    customer.id,
                    customer.email,
                    words,
                    stamp(customer.updated_at),
                    encode(customer),
                ),
            )
