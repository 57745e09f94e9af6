"""One process at a time for a shop's tokens, without a transaction that stays open."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.db.session import Database

WAIT_S = 15


class ShopBusy(Exception):
    """Another process has been busy with this shop's tokens for too long."""


@contextmanager
def shop_lock(database: Database, domain: str) -> Iterator[None]:
    """Hold the shop's lock; wait for up to 15 seconds, then raise ShopBusy.

    The lock is the session's, on a connection of its own that is in no transaction, so that it
    may be held over a call to Shopify; it ends with the connection, also when a process dies.
    """
    with database.connect("app") as connection:
        connection.execute(f"set lock_timeout = '{WAIT_S}s'")
        try:
            connection.execute("select pg_advisory_lock(%s)", (_key(domain),))
        except psycopg.errors.LockNotAvailable:
            raise ShopBusy(domain) from None
        yield


def _key(domain: str) -> int:
    digest = hashlib.sha256(f"shop-tokens:{domain}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
