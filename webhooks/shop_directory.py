"""Which shop a domain belongs to, remembered for seconds."""

import threading
import time

import psycopg

from app.db.session import Database

KNOWN_S = 10.0
UNKNOWN_S = 2.0
"""Short, so that a shop that was just installed is heard at once."""
ENTRIES_MAX = 50_000
CONNECT_TIMEOUT_S = 3


class ShopDirectory:
    """Maps a myshopify.com domain to the shop's id; one per process, safe between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._entries: dict[str, tuple[int | None, float]] = {}

    def shop_id(self, domain: str) -> int | None:
        """Return the id of the shop, or None when no such shop installed the app.

        Raises psycopg.Error when the database does not answer.
        """
        entry = self._entries.get(domain)
        if entry is not None and entry[1] > time.monotonic():
            return entry[0]
        with self._lock:
            entry = self._entries.get(domain)
            if entry is not None and entry[1] > time.monotonic():
                return entry[0]
            return self._look_up(domain)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _look_up(self, domain: str) -> int | None:
        if len(self._entries) >= ENTRIES_MAX:
            self._entries.clear()
        shop_id = self._ask(domain)
        life_s = UNKNOWN_S if shop_id is None else KNOWN_S
        self._entries[domain] = (shop_id, time.monotonic() + life_s)
        return shop_id

    def _ask(self, domain: str) -> int | None:
        try:
            if self._connection is None:
                self._connection = psycopg.connect(
                    self._database.conninfo("intake"),
                    autocommit=True,
                    connect_timeout=CONNECT_TIMEOUT_S,
                )
            row = self._connection.execute(
                "select id from shop where domain = %s", (domain,)
            ).fetchone()
        except psycopg.Error:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            raise
        return None if row is None else int(row[0])
