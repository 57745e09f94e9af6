"""The SQLite file that holds everything the development store knows."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS customer (
    id INTEGER PRIMARY KEY, email TEXT, words TEXT NOT NULL, updated_at TEXT NOT NULL,
    document BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS customer_email ON customer (email) WHERE email IS NOT NULL;
CREATE INDEX IF NOT EXISTS customer_updated ON customer (updated_at, id);
CREATE TABLE IF NOT EXISTS shop_order (
    id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE, customer_id INTEGER,
    created_at TEXT NOT NULL, processed_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    document BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS order_customer ON shop_order (customer_id, processed_at);
CREATE INDEX IF NOT EXISTS order_updated ON shop_order (updated_at, id);
CREATE INDEX IF NOT EXISTS order_processed ON shop_order (processed_at, id);
CREATE TABLE IF NOT EXISTS refund (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS discount (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL COLLATE NOCASE UNIQUE,
    usage_count INTEGER NOT NULL DEFAULT 0, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS discount_use (
    discount_id INTEGER NOT NULL, customer_id INTEGER, order_id INTEGER NOT NULL,
    PRIMARY KEY (discount_id, order_id));
CREATE TABLE IF NOT EXISTS gift_card (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS store_credit (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL UNIQUE, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS automatic_discount (id INTEGER PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS segment (id INTEGER PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS company (id INTEGER PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS company_contact (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, document BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS company_contact_customer ON company_contact (customer_id);
CREATE TABLE IF NOT EXISTS metafield (
    owner TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL UNIQUE,
    type TEXT NOT NULL, value TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (owner, namespace, key));
CREATE TABLE IF NOT EXISTS access_token (
    token TEXT PRIMARY KEY, scopes TEXT NOT NULL, expires_at REAL, chain TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refresh_token (
    token TEXT PRIMARY KEY, scopes TEXT NOT NULL, expires_at REAL NOT NULL, chain TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, topic TEXT NOT NULL,
    triggered_at TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id TEXT NOT NULL, event_id TEXT NOT NULL,
    topic TEXT NOT NULL, triggered_at TEXT NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, last_status INTEGER,
    last_error TEXT, latency_ms INTEGER, finished_at REAL);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due_at);
"""


class Database:
    """One SQLite file: a connection for each thread, one writer at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        self.connection().executescript(_TABLES)

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, opening it the first time."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            found.row_factory = sqlite3.Row
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=NORMAL")
            self._local.connection = found
        return found

    def close(self) -> None:
        """Close this thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing; a transaction inside another joins it."""
        connection = self.connection()
        with self._writing:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            self._local.after_commit = set()
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        for callback in self._local.after_commit:
            callback()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the transaction under way has committed."""
        self._local.after_commit.add(callback)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 - SQL values
        """Return what a query finds."""
        return self.connection().execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:  # noqa: ANN401 - SQL values
        """Return the first row a query finds, or None."""
        found: sqlite3.Row | None = self.connection().execute(sql, values).fetchone()
        return found

    def next_id(self, name: str, first: int, step: int = 1) -> int:
        """Return the next number of a sequence, which starts at `first`."""
        with self.transaction() as connection:
            value: int = connection.execute(
                "INSERT INTO sequence VALUES (?, ?) ON CONFLICT (name)"
                " DO UPDATE SET value = value + ? RETURNING value",
                (name, first, step),
            ).fetchone()[0]
        return value

    def raise_sequence(self, name: str, value: int) -> None:
        """Let a sequence go on after `value` if it is not beyond it already."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO sequence VALUES (?, ?) ON CONFLICT (name)"
                " DO UPDATE SET value = max(value, excluded.value)",
                (name, value),
            )

    def setting(self, name: str) -> str | None:
        """Return a stored setting, or None."""
        found = self.row("SELECT value FROM setting WHERE name = ?", name)
        return None if found is None else str(found["value"])

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
